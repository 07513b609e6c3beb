import { randomIds } from '@legato/kernel';
import { SipResponse } from '@legato/sip';
import type { Address, AuthenticatedUser, ServerTransaction, SipRequest } from '@legato/sip';
import { BaseRpcContext } from '@nestjs/microservices';

const TAG_BYTES = 12;

export interface SipAnswerOptions {
  readonly reason?: string;
  readonly headers?: Iterable<readonly [string, string]>;
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

/** What a SIP handler gets beside the request (`@Ctx()`): the server transaction that it answers by. */
export class SipContext extends BaseRpcContext<[ServerTransaction]> {
  private localTag: string | undefined;
  /** Who sent it, once a guard has found out; undefined for a trusted source. */
  identity?: AuthenticatedUser;

  get transaction(): ServerTransaction {
    return this.args[0];
  }

  get request(): SipRequest {
    return this.transaction.request;
  }

  /** Where the request came from on the wire; undefined for a transport that does not tell. */
  get source(): Address | undefined {
    return this.request.flow?.remote;
  }

  /** Whether a final response was given; a further one would be ignored. */
  get isAnswered(): boolean {
    return !['Trying', 'Proceeding'].includes(this.transaction.state);
  }

  /** Answers the request; every response of one context carries the same To tag (RFC 3261 §8.2.6.2). False after a final one. */
  respond(status: number, options: SipAnswerOptions = {}): boolean {
    this.localTag ??= randomIds.token(TAG_BYTES);
    return this.transaction.respond(
      SipResponse.to(this.request, status, { ...options, toTag: this.localTag }),
    );
  }
}
