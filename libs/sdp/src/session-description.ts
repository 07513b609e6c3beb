import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { MediaDescription } from './media-description';
import { connectionAddressOf, directionOf, MediaSection } from './media-description';
import type { SdpLine } from './sdp-lines';
import { firstOf, readLines } from './sdp-lines';

/** More sections than any peer sends. */
export const MAX_MEDIA_SECTIONS = 64;

/** The o= line (RFC 4566 §5.2); numbers as text, so that 64-bit ones stay exact. */
export interface Origin {
  readonly username: string;
  readonly sessionId: string;
  readonly version: string;
  readonly address: string;
}

interface SessionLevel {
  readonly origin: Origin;
  readonly originLine: SdpLine;
  readonly lines: readonly SdpLine[];
}

function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++)
    if (text.charCodeAt(i) < 0x30 || text.charCodeAt(i) > 0x39) return false;
  return text.length > 0 && text.length <= 32;
}

function readOrigin(value: string): Origin | undefined {
  const parts = value.split(' ').filter((part) => part !== '');
  const [username = '', sessionId = '', version = '', , , address = ''] = parts;
  return parts.length === 6 && isNumber(version) ? { username, sessionId, version, address } : undefined;
}

function readSession(lines: readonly SdpLine[]): SessionLevel | string {
  if (lines[0]?.type !== 'v' || lines[0].value.trim() !== '0') return 'not a version 0 description';
  const originLine = lines.find((line) => line.type === 'o');
  const origin = originLine && readOrigin(originLine.value);
  if (!originLine || !origin) return 'malformed o= line';
  const connection = firstOf(lines, 'c');
  if (connection !== undefined && connectionAddressOf(connection) === undefined) return 'malformed c= line';
  return { origin, originLine, lines };
}

/** Where the third word of a line begins, counted from its value. */
function thirdWordAt(value: string): number {
  let at = 0;
  for (let word = 0; word < 2; word++) {
    while (value.startsWith(' ', at)) at++;
    at = value.indexOf(' ', at);
  }
  while (value.startsWith(' ', at)) at++;
  return at;
}

/**
 * A session description (RFC 4566, RFC 8866) over its own bytes: what is not touched comes out byte for byte and in order,
 * known or not. Immutable.
 */
export class SessionDescription {
  private constructor(
    private readonly bytes: Buffer,
    private readonly session: SessionLevel,
    readonly media: readonly MediaDescription[],
  ) {}

  /** Never throws; the error says what is malformed. 64 KiB, {@link MAX_MEDIA_SECTIONS} sections at most. */
  static parse(bytes: Uint8Array): Result<SessionDescription, string> {
    const copy = Buffer.from(bytes);
    const read = readLines(copy);
    if (!read.ok) return read;
    const lines = read.value;
    const starts = lines.flatMap((line, index) => (line.type === 'm' ? [index] : []));
    if (starts.length > MAX_MEDIA_SECTIONS) return err('too many m= lines');
    const session = readSession(lines.slice(0, starts[0] ?? lines.length));
    if (typeof session === 'string') return err(session);
    const connection = firstOf(session.lines, 'c');
    const defaults = {
      connectionAddress: connection === undefined ? undefined : connectionAddressOf(connection),
      direction: directionOf(session.lines),
    };
    const media: MediaSection[] = [];
    for (const [index, start] of starts.entries()) {
      const section = MediaSection.read(lines.slice(start, starts[index + 1] ?? lines.length), defaults);
      if (typeof section === 'string') return err(section);
      media.push(section);
    }
    return ok(new SessionDescription(copy, session, media));
  }

  toBytes(): Buffer {
    return Buffer.from(this.bytes);
  }

  get origin(): Origin {
    return this.session.origin;
  }

  /** The value of the first t= line, which an answer repeats (RFC 3264 §6). */
  get timing(): string {
    return firstOf(this.session.lines, 't') ?? '0 0';
  }

  /** First audio section with a port, or undefined. */
  get audio(): MediaDescription | undefined {
    return this.media.find((section) => section.media === 'audio' && section.port !== 0);
  }

  /** The same bytes but for the version in o= (RFC 3264 §8). Throws TypeError when it is no decimal number. */
  withOriginVersion(version: string): SessionDescription {
    if (!isNumber(version)) throw new TypeError('the version of an o= line is a decimal number');
    const { originLine, origin } = this.session;
    const at = originLine.start + 2 + thirdWordAt(originLine.value);
    const rest = this.bytes.subarray(at + origin.version.length);
    const changed = Buffer.concat([this.bytes.subarray(0, at), Buffer.from(version, 'utf8'), rest]);
    const parsed = SessionDescription.parse(changed);
    if (!parsed.ok) throw new TypeError(parsed.error);
    return parsed.value;
  }
}
