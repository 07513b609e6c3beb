import {
  assertFieldValue,
  EQUALS,
  isParamNameCode,
  isParamValueCode,
  quote,
  QUOTE,
  quotedEnd,
  SEMICOLON,
  skipBlanks,
  unquote,
} from './characters';

/** Parameters of one URI or field: comparing two lists looks each name up, so their number is what bounds the work. */
export const MAX_PARAMS = 128;

/** Where the parameter that was read last lies in its text; one record for all, because parsing allocates nothing that way. */
const span = { nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0, next: 0 };

function valueEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === QUOTE) return quotedEnd(text, at);
  let i = at;
  while (i < text.length && isParamValueCode(text.charCodeAt(i))) i++;
  return i;
}

/** Reads `;name[=value]` at `at` into {@link span}; false when there is no such thing. */
function readParam(text: string, at: number): boolean {
  let i = skipBlanks(text, at + 1);
  span.nameStart = i;
  while (i < text.length && isParamNameCode(text.charCodeAt(i))) i++;
  span.nameEnd = i;
  if (i === span.nameStart) return false;
  i = skipBlanks(text, i);
  span.valueStart = -1;
  if (i < text.length && text.charCodeAt(i) === EQUALS) {
    span.valueStart = skipBlanks(text, i + 1);
    i = valueEnd(text, span.valueStart);
    if (i < 0) return false;
    span.valueEnd = i;
    i = skipBlanks(text, i);
  }
  span.next = i;
  return true;
}

function nameIs(text: string, lowerName: string): boolean {
  if (span.nameEnd - span.nameStart !== lowerName.length) return false;
  for (let i = 0; i < lowerName.length; i++) {
    if ((text.charCodeAt(span.nameStart + i) | 0x20) !== lowerName.charCodeAt(i)) return false;
  }
  return true;
}

/** What {@link findParam} found: where the parameters end and the wanted value; `end` is -1 when they are malformed. */
export interface FoundParam {
  end: number;
  value: string | undefined;
}
const found: FoundParam = { end: 0, value: undefined };

/**
 * Checks the parameters that begin at `at` and picks one by its lower-case name, without building a {@link Params}.
 * The answer is one shared record: read it before the next call. The wanted parameter twice, or without a value, is malformed.
 */
export function findParam(text: string, at: number, lowerName: string): Readonly<FoundParam> {
  found.value = undefined;
  found.end = -1;
  let i = skipBlanks(text, at);
  let count = 0;
  while (i < text.length && text.charCodeAt(i) === SEMICOLON) {
    if (!readParam(text, i) || ++count > MAX_PARAMS) return found;
    if (nameIs(text, lowerName)) {
      if (found.value !== undefined || span.valueStart < 0 || span.valueStart === span.valueEnd) return found;
      found.value = text.slice(span.valueStart, span.valueEnd);
    }
    i = span.next;
  }
  found.end = i;
  return found;
}

/** Names and raw values in wire order; equal names in any case are one parameter. */
type Entry = [name: string, value: string | undefined];

/**
 * Parameters of a URI or header field (RFC 3261 §7.3.1, §19.1.1). Names keep their case and are looked up in any;
 * a flag such as `lr` has the value undefined.
 */
export class Params {
  private readonly list: Entry[] = [];

  /** Reads `;a=b;c` from `at` to the end of `text`; undefined when malformed. */
  static parse(text: string, at = 0): Params | undefined {
    const params = new Params();
    return params.read(text, at) === text.length ? params : undefined;
  }

  private read(text: string, at: number): number {
    let i = skipBlanks(text, at);
    while (i < text.length && text.charCodeAt(i) === SEMICOLON) {
      if (!readParam(text, i) || this.list.length === MAX_PARAMS) return -1;
      const value = span.valueStart < 0 ? undefined : text.slice(span.valueStart, span.valueEnd);
      this.list.push([text.slice(span.nameStart, span.nameEnd), value]);
      i = span.next;
    }
    return i;
  }

  private entry(name: string): Entry | undefined {
    const lower = name.toLowerCase();
    return this.list.find(([each]) => each.length === lower.length && each.toLowerCase() === lower);
  }

  get size(): number {
    return this.list.length;
  }

  /** The value without quotes; undefined for a flag as for an absent name: ask {@link has}. */
  get(name: string): string | undefined {
    const value = this.entry(name)?.[1];
    return value === undefined ? undefined : unquote(value);
  }

  has(name: string): boolean {
    return this.entry(name) !== undefined;
  }

  /** Sets in place or appends; undefined makes a flag. Quotes a value that needs it; throws TypeError on control characters. */
  set(name: string, value?: string): this {
    assertName(name);
    const raw = value === undefined ? undefined : encodeValue(value);
    const entry = this.entry(name);
    if (entry) entry[1] = raw;
    else this.list.push([name, raw]);
    return this;
  }

  delete(name: string): boolean {
    const entry = this.entry(name);
    if (entry) this.list.splice(this.list.indexOf(entry), 1);
    return entry !== undefined;
  }

  /** Names and unquoted values in wire order. */
  *entries(): IterableIterator<readonly [string, string | undefined]> {
    for (const [name, value] of this.list) yield [name, value === undefined ? undefined : unquote(value)];
  }

  /** `;a=b;c`, or the empty string. */
  toString(): string {
    let out = '';
    for (const [name, value] of this.list) out += value === undefined ? `;${name}` : `;${name}=${value}`;
    return out;
  }
}

function assertName(name: string): void {
  for (let i = 0; i < name.length; i++) {
    if (!isParamNameCode(name.charCodeAt(i))) throw new TypeError(`parameter name '${name}'`);
  }
  if (name === '') throw new TypeError('empty parameter name');
}

function encodeValue(value: string): string {
  assertFieldValue('parameter', value);
  if (value === '') return '""';
  for (let i = 0; i < value.length; i++) {
    if (!isParamValueCode(value.charCodeAt(i)) || value.charCodeAt(i) === EQUALS) return quote(value);
  }
  return value;
}
