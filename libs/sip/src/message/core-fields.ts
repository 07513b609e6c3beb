import { decimal } from './characters';
import type { CSeqValue } from './header/cseq';
import { decodeCSeq } from './header/cseq';
import { decodeMaxForwards } from './header/max-forwards';
import type { HeadScanner } from './head-scanner';
import { Headers } from './headers';
import type { DecodedCore } from './sip-message-fields';
import type { SipUri } from './sip-uri';
import { MAX_HEADER_FIELDS, MAX_VIAS } from './limits';
import { NameAddr } from './name-addr';
import { BRANCH_COOKIE, Via } from './via';

/**
 * The header fields of one message while it is parsed, with those that every message needs (RFC 3261 §8.1.1) at hand. Each
 * method answers a fault, or undefined when all is well.
 */
export class CoreFields implements DecodedCore {
  readonly headers = new Headers();
  uri: SipUri | undefined;
  viaText = '';
  via: Via | undefined;
  fromText = '';
  from: NameAddr | undefined;
  toText = '';
  to: NameAddr | undefined;
  cseqText = '';
  cseq: CSeqValue | undefined;
  contentLength: number | undefined;
  private callId: string | undefined;
  private seenSingles = 0;
  private vias = 0;

  /** Reads fields up to and with the blank line. */
  readAll(scanner: HeadScanner): string | undefined {
    const { headers } = this;
    while (!scanner.atBlankLine()) {
      if (!scanner.readField()) return scanner.fault;
      if (headers.size === MAX_HEADER_FIELDS) return 'Too many header fields';
      headers.appendTrusted(scanner.name, scanner.value);
      const { header } = scanner;
      if (!header) continue;
      if ((this.seenSingles & header.singleBit) !== 0) return `More than one ${header.name}`;
      this.seenSingles |= header.singleBit;
      if (header.isCore) {
        const fault = this.take(header.name, scanner.value);
        if (fault !== undefined) return fault;
      }
    }
    return undefined;
  }

  private take(name: string, value: string): string | undefined {
    return this.read(name, value) ? undefined : `Malformed ${name}`;
  }

  private read(name: string, value: string): boolean {
    switch (name) {
      case 'Via':
        return this.readVia(value);
      case 'From':
        this.fromText = value;
        return (this.from = NameAddr.parse(value)) !== undefined;
      case 'To':
        this.toText = value;
        return (this.to = NameAddr.parse(value)) !== undefined;
      case 'Call-ID':
        this.callId = value;
        return isCallId(value);
      case 'CSeq':
        this.cseqText = value;
        return (this.cseq = decodeCSeq(value)) !== undefined;
      case 'Max-Forwards':
        return decodeMaxForwards(value) !== undefined;
      default:
        return (this.contentLength = decimal(value)) !== undefined;
    }
  }

  private readVia(value: string): boolean {
    this.vias += 1 + commas(value);
    if (this.vias > MAX_VIAS) return false;
    if (this.via) return true;
    this.viaText = value;
    this.via = Via.parse(value);
    // The cookie alone promises a unique branch and has none (RFC 4475 §3.2.1).
    return this.via !== undefined && this.via.branch !== BRANCH_COOKIE;
  }

  /** The first mandatory field that is missing. */
  missing(): string | undefined {
    if (!this.via) return 'Missing Via';
    if (!this.from) return 'Missing From';
    if (!this.to) return 'Missing To';
    if (this.callId === undefined) return 'Missing Call-ID';
    return this.cseq ? undefined : 'Missing CSeq';
  }
}

/** Blanks are the only faults left to find: the scanner lets no other control character through. */
function isCallId(value: string): boolean {
  return value !== '' && !value.includes(' ') && !value.includes('\t');
}

/** At least the number of commas that separate values: quoted ones are rare in Via and only make the limit stricter. */
function commas(value: string): number {
  let count = 0;
  for (let at = value.indexOf(','); at >= 0; at = value.indexOf(',', at + 1)) count++;
  return count;
}
