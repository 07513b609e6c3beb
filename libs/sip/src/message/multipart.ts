import { CR, isBlankCode, LF } from './characters';
import { HeadScanner } from './head-scanner';
import type { ContentType } from './header/content-type';
import { decodeContentDisposition } from './header/content-disposition';
import { decodeContentType, decodeMediaType } from './header/content-type';
import { Headers } from './headers';

/** Parts of one body that are read; more are a fault. */
export const MAX_BODY_PARTS = 32;
const MAX_BOUNDARY = 70;
const MAX_NESTING = 3;
const DASH = 0x2d;

/** One part of a multipart body (RFC 2046 §5.1, RFC 5621). */
export interface BodyPart {
  readonly headers: Headers;
  /** A view of the bytes, never decoded. */
  readonly body: Buffer;
}

interface Delimiter {
  /** Where the part before it ends. */
  readonly at: number;
  /** Where the part after it begins. */
  readonly next: number;
  readonly isLast: boolean;
}

/** The delimiter line whose dashes are at `at`, or undefined when that is only text that looks like one. */
function delimiterAt(body: Buffer, at: number, markerLength: number): Delimiter | undefined {
  let i = at + markerLength;
  const isLast = body[i] === DASH && body[i + 1] === DASH;
  if (isLast) i += 2;
  while (isBlankCode(body[i] ?? 0)) i++;
  if (body[i] === CR && body[i + 1] === LF) return { at, next: i + 2, isLast };
  return isLast && i >= body.length ? { at, next: i, isLast } : undefined;
}

/** The delimiter line at or after `from`, which is the start of a line; the line end before a delimiter belongs to it. */
function nextDelimiter(body: Buffer, marker: Buffer, from: number): Delimiter | undefined {
  const dashes = marker.subarray(1);
  if (body.subarray(from, from + dashes.length).equals(dashes)) {
    const first = delimiterAt(body, from, dashes.length);
    if (first) return first;
  }
  for (let feed = body.indexOf(marker, from); feed >= 0; feed = body.indexOf(marker, feed + 1)) {
    const delimiter = delimiterAt(body, feed + 1, dashes.length);
    if (delimiter) return { ...delimiter, at: Math.max(from, body[feed - 1] === CR ? feed - 1 : feed) };
  }
  return undefined;
}

function readPart(bytes: Buffer): BodyPart | undefined {
  const scanner = new HeadScanner(bytes);
  const headers = new Headers();
  while (!scanner.atBlankLine()) {
    if (!scanner.readField()) return undefined;
    headers.appendTrusted(scanner.name, scanner.value);
  }
  return { headers, body: bytes.subarray(scanner.at) };
}

function boundaryOf(contentType: ContentType | undefined): string | undefined {
  const boundary = contentType?.params.get('boundary');
  return boundary === undefined || boundary === '' || boundary.length > MAX_BOUNDARY ? undefined : boundary;
}

/** The parts of a body whose Content-Type is `contentType`; undefined when it is no well-formed multipart. */
export function decodeMultipart(body: Uint8Array, contentType: string): BodyPart[] | undefined {
  const boundary = boundaryOf(decodeContentType(contentType));
  if (boundary === undefined) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const marker = Buffer.from(`\n--${boundary}`, 'utf8');
  const parts: BodyPart[] = [];
  let delimiter = nextDelimiter(bytes, marker, 0);
  while (delimiter && !delimiter.isLast) {
    const end = nextDelimiter(bytes, marker, delimiter.next);
    const part = end && readPart(bytes.subarray(delimiter.next, end.at));
    if (!part || parts.length === MAX_BODY_PARTS) return undefined;
    parts.push(part);
    delimiter = end;
  }
  return delimiter ? parts : undefined;
}

/** Writes the parts; throws TypeError when one contains the boundary. */
export function encodeMultipart(parts: readonly BodyPart[], boundary: string): Buffer {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    if (part.body.includes(`--${boundary}`)) throw new TypeError('the boundary occurs in a part');
    chunks.push(
      Buffer.from(`--${boundary}\r\n${part.headers.toWire('')}\r\n`, 'utf8'),
      part.body,
      Buffer.from('\r\n'),
    );
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(chunks);
}

const isMultipart = (contentType: string): boolean =>
  (decodeMediaType(contentType) ?? '').startsWith('multipart/');

/**
 * The bodies of a message in order, a multipart one taken apart with those inside it, three deep; undefined when it is
 * malformed. A body without Content-Type is a part without one.
 */
export function bodyParts(contentType: string | undefined, body: Uint8Array): BodyPart[] | undefined {
  if (body.length === 0) return [];
  const headers = new Headers(contentType === undefined ? [] : [['Content-Type', contentType]]);
  return flatten({ headers, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }, 0);
}

function flatten(part: BodyPart, depth: number): BodyPart[] | undefined {
  const type = part.headers.get('Content-Type');
  if (type === undefined || !isMultipart(type)) return [part];
  const parts = depth === MAX_NESTING ? undefined : decodeMultipart(part.body, type);
  const all: BodyPart[] = [];
  for (const each of parts ?? []) {
    const inner = flatten(each, depth + 1);
    if (!inner) return undefined;
    all.push(...inner);
  }
  return parts && all;
}

/** False when the part must be understood or the request refused with 415 (RFC 5621 §8, RFC 3261 §8.2.3). */
export function isOptionalPart(part: BodyPart): boolean {
  const text = part.headers.get('Content-Disposition');
  return text !== undefined && decodeContentDisposition(text)?.handling === 'optional';
}
