import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';

/** One `type=value` line and where it lies in the bytes, its line end not counted. */
export interface SdpLine {
  readonly type: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Nothing that describes a call is larger. */
export const MAX_SDP_BYTES = 65_536;
export const MAX_SDP_LINES = 2_000;
export const MAX_SDP_LINE_BYTES = 8_192;

const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;

function readLine(bytes: Buffer, start: number, end: number): SdpLine | string {
  if (end - start > MAX_SDP_LINE_BYTES) return 'line too long';
  const type = bytes[start] ?? 0;
  if (type < 0x61 || type > 0x7a || bytes[start + 1] !== EQUALS) return 'line without type';
  for (let i = start + 2; i < end; i++) {
    const code = bytes[i] ?? 0;
    if (code < 0x20 && code !== HTAB) return 'control character in line';
  }
  // Latin-1 keeps each byte apart; values are only looked at, the bytes themselves go out again.
  return { type: String.fromCharCode(type), value: bytes.toString('latin1', start + 2, end), start, end };
}

/** Cuts a description into lines (RFC 4566 §5): CRLF, or LF alone as many peers write; blank lines only at the end. */
export function readLines(bytes: Buffer): Result<SdpLine[], string> {
  if (bytes.length > MAX_SDP_BYTES) return err('description too large');
  const lines: SdpLine[] = [];
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(LF, start);
    const stop = feed < 0 ? bytes.length : feed;
    const end = stop > start && bytes[stop - 1] === CR ? stop - 1 : stop;
    if (end === start) return onlyBlanks(bytes, start) ? ok(lines) : err('blank line');
    const line = readLine(bytes, start, end);
    if (typeof line === 'string') return err(line);
    if (lines.push(line) > MAX_SDP_LINES) return err('too many lines');
    start = stop + 1;
  }
  return ok(lines);
}

function onlyBlanks(bytes: Buffer, from: number): boolean {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== CR && bytes[i] !== LF) return false;
  return true;
}

/** The value of the first line of a type. */
export const firstOf = (lines: readonly SdpLine[], type: string): string | undefined =>
  lines.find((line) => line.type === type)?.value;

/** Values of the a= lines that begin with `name:`, that prefix left out. */
export function attributes(lines: readonly SdpLine[], name: string): string[] {
  const prefix = `${name}:`;
  const values: string[] = [];
  for (const line of lines) {
    if (line.type === 'a' && line.value.startsWith(prefix)) values.push(line.value.slice(prefix.length));
  }
  return values;
}

/** A number of digits only, or undefined; also above `max`. */
export function digits(text: string | undefined, max: number): number | undefined {
  if (text === undefined || text === '' || text.length > 10) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value > max ? undefined : value;
}
