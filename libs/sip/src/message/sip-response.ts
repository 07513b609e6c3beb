import { Headers } from './headers';
import { reasonPhrase } from './reason-phrases';
import type { DecodedCore } from './sip-message-fields';
import { SipMessageFields } from './sip-message-fields';
import type { SipRequest } from './sip-request';

const NO_BODY = Buffer.alloc(0);

/** What {@link SipResponse.to} adds to the copied fields. */
export interface ResponseOptions {
  readonly reason?: string;
  readonly toTag?: string;
  readonly headers?: Iterable<readonly [string, string]>;
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

/** A response (RFC 3261 §7.2). */
export class SipResponse extends SipMessageFields {
  readonly kind = 'response';

  constructor(
    public status: number,
    public reason: string,
    headers: Headers,
    body: Uint8Array = NO_BODY,
    /** @internal what the parser's checks have decoded already */
    decoded?: DecodedCore,
  ) {
    super(headers, body, decoded);
  }

  /**
   * The response to a request (RFC 3261 §8.2.6.2): every Via, From, To, Call-ID and CSeq as they came, `toTag` on a To without
   * tag when the status is above 100. Throws TypeError when an added value would not survive the wire.
   */
  static to(request: SipRequest, status: number, options: ResponseOptions = {}): SipResponse {
    const headers = new Headers();
    headers.copyFrom(request.headers, 'Via').copyFrom(request.headers, 'From');
    const to = request.headers.get('To');
    if (to !== undefined) headers.append('To', withTag(to, request, status, options.toTag));
    headers.copyFrom(request.headers, 'Call-ID').copyFrom(request.headers, 'CSeq');
    if (status === 100) headers.copyFrom(request.headers, 'Timestamp');
    if (options.headers) for (const [name, value] of options.headers) headers.append(name, value);
    if (options.contentType !== undefined) headers.set('Content-Type', options.contentType);
    const response = new SipResponse(status, options.reason ?? reasonPhrase(status), headers, options.body);
    if (request.flow) response.flow = request.flow;
    return response;
  }

  /** An independent copy; the body's bytes are shared. */
  clone(): SipResponse {
    const copy = new SipResponse(this.status, this.reason, this.headers.clone(), this.body);
    if (this.flow) copy.flow = this.flow;
    return copy;
  }
}

/** Appending is right with and without brackets: after a bare URI, parameters belong to the header (RFC 3261 §20.10). */
function withTag(to: string, request: SipRequest, status: number, tag: string | undefined): string {
  if (tag === undefined || status <= 100 || request.to?.tag !== undefined) return to;
  return `${to};tag=${tag}`;
}
