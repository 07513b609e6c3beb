import { elementEnd } from './comma-list';
import type { CSeqValue } from './header/cseq';
import { decodeCSeq } from './header/cseq';
import { decodeMaxForwards } from './header/max-forwards';
import { decodeMediaType } from './header/content-type';
import type { Flow } from './flow';
import type { Headers } from './headers';
import { NameAddr } from './name-addr';
import { Via } from './via';

const firstContact = (text: string): NameAddr | undefined =>
  NameAddr.parse(text.slice(0, elementEnd(text, 0)));

/** The core fields of a message as the parser has decoded them, with the texts they were decoded from. */
export interface DecodedCore {
  readonly viaText: string;
  readonly via: Via | undefined;
  readonly fromText: string;
  readonly from: NameAddr | undefined;
  readonly toText: string;
  readonly to: NameAddr | undefined;
  readonly cseqText: string;
  readonly cseq: CSeqValue | undefined;
}

const NOTHING: DecodedCore = {
  viaText: '',
  via: undefined,
  fromText: '',
  from: undefined,
  toText: '',
  to: undefined,
  cseqText: '',
  cseq: undefined,
};

/**
 * What requests and responses share: headers, the body as bytes, and the core header fields decoded on first use and again
 * when their text has changed. The getters of core fields answer undefined, against their type, for a message built by hand
 * without that field: the parser has refused such a message from outside.
 */
export abstract class SipMessageFields {
  /** Where the message came from, set by the transport; received and rport are then in the top Via. */
  flow?: Flow;
  private contactText: string | undefined;
  private decodedContact: NameAddr | undefined;

  protected constructor(
    readonly headers: Headers,
    /** A view of the bytes as received, never decoded. */
    public body: Uint8Array,
    private decoded: DecodedCore = NOTHING,
  ) {}

  /** The topmost Via. */
  get via(): Via {
    const text = this.headers.get('Via') ?? '';
    if (text !== this.decoded.viaText)
      this.decoded = { ...this.decoded, viaText: text, via: Via.parse(text) };
    return this.decoded.via as Via;
  }

  get from(): NameAddr {
    const text = this.headers.get('From') ?? '';
    if (text !== this.decoded.fromText)
      this.decoded = { ...this.decoded, fromText: text, from: NameAddr.parse(text) };
    return this.decoded.from as NameAddr;
  }

  get to(): NameAddr {
    const text = this.headers.get('To') ?? '';
    if (text !== this.decoded.toText)
      this.decoded = { ...this.decoded, toText: text, to: NameAddr.parse(text) };
    return this.decoded.to as NameAddr;
  }

  get callId(): string {
    return this.headers.get('Call-ID') as string;
  }

  get cseq(): CSeqValue {
    const text = this.headers.get('CSeq') ?? '';
    if (text !== this.decoded.cseqText)
      this.decoded = { ...this.decoded, cseqText: text, cseq: decodeCSeq(text) };
    return this.decoded.cseq as CSeqValue;
  }

  /** The first Contact; undefined when absent, malformed, or the star of a REGISTER. */
  get contact(): NameAddr | undefined {
    const text = this.headers.get('Contact');
    if (text !== this.contactText) {
      this.contactText = text;
      this.decodedContact = text === undefined ? undefined : firstContact(text);
    }
    return this.decodedContact;
  }

  /** 0 to 255; undefined when absent (RFC 2543 peers) or malformed. */
  get maxForwards(): number | undefined {
    const text = this.headers.get('Max-Forwards');
    return text === undefined ? undefined : decodeMaxForwards(text);
  }

  /** Media type in lower case without parameters. */
  get contentType(): string | undefined {
    const text = this.headers.get('Content-Type');
    return text === undefined ? undefined : decodeMediaType(text);
  }
}
