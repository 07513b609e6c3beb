import { isUtf8 } from 'node:buffer';
import { BACKSLASH, COLON, CR, HTAB, isBlankCode, isTokenCode, LF, skipBlanks, SP } from './characters';
import type { HeaderName } from './header-names';
import { hashStep, headerNameAt } from './header-names';
import { MAX_LINE_BYTES } from './limits';

/**
 * Cuts the head of a message into lines and fields. Goes over each character once, forwards; what it read last lies in its
 * public members, because a record for every field would be the larger cost.
 */
export class HeadScanner {
  /** Where the next line begins. */
  at = 0;
  /** Where the content of the line read last begins and ends. */
  start = 0;
  end = 0;
  /** The field read last: its canonical name, what is known of it, its value. */
  name = '';
  header: HeaderName | undefined;
  value = '';
  /** Why reading stopped. */
  fault = '';
  private folded = false;
  private quotedControl = false;
  /** All bytes of the line or-ed together: 0x80 or more when it is not ASCII. */
  private bits = 0;
  /** A character for each byte: slices of it are cheaper than decoding every value. */
  private readonly text: string;

  constructor(private readonly bytes: Buffer) {
    this.text = bytes.toString('latin1');
  }

  private stop(fault: string): false {
    this.fault = fault;
    return false;
  }

  /** CRLF before a start line is keep-alive left over (RFC 3261 §7.5, RFC 5626 §3.5.1). */
  skipEmptyLines(): void {
    const { bytes } = this;
    let i = this.at;
    while (bytes[i] === CR && bytes[i + 1] === LF) i += 2;
    this.at = i;
  }

  /** Reads the start line into value. */
  readStartLine(): boolean {
    this.start = this.at;
    if (!this.readLine(this.at, false)) return false;
    if (this.end - this.start > MAX_LINE_BYTES) return this.stop('Start line too long');
    this.value = this.decode(this.start, this.end);
    return !this.quotedControl || this.stop('Control character in start line');
  }

  /** True at the empty line that ends the head, which is then behind. */
  atBlankLine(): boolean {
    const { bytes, at } = this;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return false;
    this.at = at + 2;
    return true;
  }

  /** Reads one header field with its continuation lines (RFC 3261 §7.3.1). */
  readField(): boolean {
    const { bytes, at } = this;
    const limit = bytes.length;
    let i = at;
    let hash = 0;
    let code = 0;
    while (i < limit && isTokenCode((code = bytes[i] as number))) {
      hash = hashStep(hash, code);
      i++;
    }
    const nameEnd = i;
    if (nameEnd === at) return this.stop(i < limit ? 'Malformed header name' : 'Head without an end');
    // Only SP and HTAB may precede the colon: `To\x01:` is another header to some and To to others.
    i = this.skipBlanks(i);
    if (i >= limit || bytes[i] !== COLON) return this.stop('No colon after header name');
    this.start = this.skipBlanks(i + 1);
    if (!this.readLine(this.start, true)) return false;
    if (this.end - at > MAX_LINE_BYTES) return this.stop('Header field too long');
    this.header = headerNameAt(bytes, at, nameEnd - at, hash);
    this.name = this.header ? this.header.name : this.text.slice(at, nameEnd);
    this.value = this.readValue();
    return true;
  }

  private skipBlanks(at: number): number {
    const { bytes } = this;
    let i = at;
    while (i < bytes.length && isBlankCode(bytes[i] as number)) i++;
    return i;
  }

  /** Finds the CRLF that ends the line, with `fold` the one that no continuation follows. */
  private readLine(from: number, fold: boolean): boolean {
    const { bytes } = this;
    const limit = bytes.length;
    this.folded = false;
    this.quotedControl = false;
    let bits = 0;
    let i = from;
    for (;;) {
      let code = 0;
      while (i < limit && (code = bytes[i] as number) >= SP) {
        bits |= code;
        i++;
      }
      if (i >= limit) return this.stop('Head without an end');
      if (code === CR && bytes[i + 1] === LF) {
        if (!fold || !isBlankCode(bytes[i + 2] ?? 0)) break;
        this.folded = true;
        i += 2;
      } else if (!this.passControl(code, i)) return false;
      i++;
    }
    this.bits = bits;
    this.end = i;
    this.at = i + 2;
    return true;
  }

  /** HTAB, and what a backslash quotes (RFC 4475 §3.1.1.2 quotes a NUL); a bare CR or LF never. */
  private passControl(code: number, at: number): boolean {
    if (code === HTAB) return true;
    if (code === CR || code === LF || this.bytes[at - 1] !== BACKSLASH) {
      return this.stop('Control character in head');
    }
    this.quotedControl = true;
    return true;
  }

  /** UTF-8 as the RFC has it (§7.3.1), or Latin-1 where the bytes are not UTF-8. */
  private decode(start: number, end: number): string {
    if (this.bits < 0x80) return this.text.slice(start, end);
    const part = this.bytes.subarray(start, end);
    return isUtf8(part) ? part.toString('utf8') : this.text.slice(start, end);
  }

  private readValue(): string {
    const { bytes, start } = this;
    let end = this.end;
    while (end > start && isBlankCode(bytes[end - 1] as number)) end--;
    const value = this.decode(start, Math.max(start, end));
    if (!this.folded && !this.quotedControl) return value;
    return withoutControls(this.folded ? unfold(value) : value);
  }
}

/** Each line end with the blanks around it becomes one space (RFC 3261 §7.3.1). */
function unfold(value: string): string {
  const lines = value.split('\r\n');
  const parts: string[] = [];
  for (const line of lines) {
    let end = line.length;
    while (end > 0 && isBlankCode(line.charCodeAt(end - 1))) end--;
    const start = skipBlanks(line, 0);
    if (start < end) parts.push(line.slice(start, end));
  }
  return parts.join(' ');
}

/** Quoted control characters become `?`, so that no value above the parser holds one and copying a value can not fail. */
function withoutControls(value: string): string {
  let out = '';
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    out += code < SP && code !== HTAB ? '?' : value.charAt(i);
  }
  return out;
}
