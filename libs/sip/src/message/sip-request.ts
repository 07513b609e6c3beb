import type { Headers } from './headers';
import type { DecodedCore } from './sip-message-fields';
import { SipMessageFields } from './sip-message-fields';
import { SipUri } from './sip-uri';

const NO_BODY = Buffer.alloc(0);

/** A request (RFC 3261 §7.1). The method is case-sensitive. */
export class SipRequest extends SipMessageFields {
  readonly kind = 'request';
  private parsedUri: SipUri | undefined;
  private parsedUriText: string | undefined;

  constructor(
    public method: string,
    public requestUri: string,
    headers: Headers,
    body: Uint8Array = NO_BODY,
    /** @internal what the parser's checks have decoded already */
    decoded?: DecodedCore & { readonly uri: SipUri | undefined },
  ) {
    super(headers, body, decoded);
    this.parsedUri = decoded?.uri;
    this.parsedUriText = decoded ? requestUri : undefined;
  }

  /** The Request-URI parsed; undefined when malformed. Its scheme may be one we do not serve (416). */
  get uri(): SipUri | undefined {
    if (this.parsedUriText !== this.requestUri) {
      this.parsedUriText = this.requestUri;
      this.parsedUri = SipUri.parse(this.requestUri);
    }
    return this.parsedUri;
  }

  /** An independent copy; the body's bytes are shared. */
  clone(): SipRequest {
    const copy = new SipRequest(this.method, this.requestUri, this.headers.clone(), this.body);
    if (this.flow) copy.flow = this.flow;
    return copy;
  }
}
