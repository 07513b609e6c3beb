import type { SipResponse } from '../message/sip-response';
import type { HeaderList } from '../user-agent/usage-body';

/** A request of ours as far as a digest covers it. */
export interface AuthorizableRequest {
  readonly method: string;
  readonly requestUri: string;
  readonly body: Uint8Array;
}

/** A request of ours that was answered 401 or 407. */
export interface ChallengedRequest extends AuthorizableRequest {
  /** Whose credentials may go to where the request went; nobody's when absent. */
  readonly account?: string | undefined;
  /** The Authorization and Proxy-Authorization fields that it had already. */
  readonly credentials?: HeaderList | undefined;
}

/** Answers challenges to requests of ours. */
export interface ClientAuthorizer {
  /**
   * Authorization and Proxy-Authorization fields for the same request with the next CSeq and a new branch (RFC 3261 §22.2); they take
   * the place of all those that it had. undefined when it is not to be sent again: no account is named, the realm is not its
   * own, or the credentials were refused and not because of an old nonce.
   */
  authorize(challenge: SipResponse, request: ChallengedRequest): HeaderList | undefined;
}
