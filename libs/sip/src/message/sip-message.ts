import type { SipRequest } from './sip-request';
import type { SipResponse } from './sip-response';

export type SipMessage = SipRequest | SipResponse;

/** What could still be read of a broken request: enough for a 400, raw values as they stood. */
export interface Salvage {
  readonly vias: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: string;
  readonly method?: string;
}

/**
 * Why a message was refused. `status` is what to answer a request with: 400; 413 too large; 501 an unknown method whose CSeq
 * names another (RFC 4475 §3.1.2.18); 505 another SIP version. Responses and ACK are dropped.
 */
export interface SipParseError {
  readonly status: 400 | 413 | 501 | 505;
  readonly text: string;
  readonly isResponse: boolean;
  readonly salvage?: Salvage;
}

export type ParseOutcome =
  { readonly ok: true; readonly message: SipMessage } | { readonly ok: false; readonly error: SipParseError };
