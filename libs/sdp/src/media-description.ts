import type { RtpMap } from './payload-types';
import { STATIC_PAYLOADS } from './payload-types';
import type { SdpLine } from './sdp-lines';
import { attributes, digits, firstOf } from './sdp-lines';

/** The four directions of RFC 3264 §5.1, as the side that wrote the description sees them. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const MAX_FORMATS = 256;
const MAX_CLOCK_RATE = 1_000_000;

/** One m= section (RFC 4566 §5.14) with what it inherits from the session. */
export interface MediaDescription {
  /** audio, video, application … */
  readonly media: string;
  /** 0: refused or not wanted (RFC 3264 §5.1, §6). The first of several (`9/2`). */
  readonly port: number;
  /** RTP/AVP and the like. */
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Address of its own c= line, or of the session's; a multicast TTL left out. */
  readonly connectionAddress: string | undefined;
  /** Its own, or the session's; sendrecv when neither says. */
  readonly direction: Direction;
  /** Its writer wants to receive nothing: sendonly, inactive, or an address of zeros (RFC 3264 §8.4). */
  readonly isHold: boolean;
  rtpmap(format: string): RtpMap | undefined;
  fmtp(format: string): string | undefined;
  /** Milliseconds of audio in a packet. */
  readonly ptime: number | undefined;
}

/** The address of a c= value `IN IP4 192.0.2.1/127`; undefined when malformed. */
export function connectionAddressOf(value: string): string | undefined {
  const [network, family, address = '', ...rest] = value.split(' ');
  if (network !== 'IN' || (family !== 'IP4' && family !== 'IP6') || rest.some((each) => each !== ''))
    return undefined;
  const slash = address.indexOf('/');
  const host = slash < 0 ? address : address.slice(0, slash);
  return isAddress(host) ? host : undefined;
}

/** Letters, digits, and what else occurs in IP literals and host names: enough to be safe to write again. */
export function isAddress(host: string): boolean {
  for (let i = 0; i < host.length; i++) {
    const code = host.charCodeAt(i);
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && !'.:-_'.includes(host.charAt(i))) return false;
  }
  return host.length > 0 && host.length <= 255;
}

const isZeroAddress = (address: string | undefined): boolean => address === '0.0.0.0' || address === '::';

/** The last direction attribute among `lines`. */
export function directionOf(lines: readonly SdpLine[]): Direction | undefined {
  let found: Direction | undefined;
  for (const line of lines) {
    if (line.type === 'a') found = DIRECTIONS.find((direction) => direction === line.value) ?? found;
  }
  return found;
}

/** What a section inherits from the session level (RFC 4566 §5.7, §5.13). */
export interface SessionDefaults {
  readonly connectionAddress: string | undefined;
  readonly direction: Direction | undefined;
}

function readRtpMap(text: string): RtpMap | undefined {
  const [encoding = '', rate, channels = '1'] = text.split('/', 3);
  const clockRate = digits(rate, MAX_CLOCK_RATE);
  const count = digits(channels, 64);
  return encoding === '' || !clockRate || !count ? undefined : { encoding, clockRate, channels: count };
}

/** `<format> <value>` attributes as a map; the first of a format counts. */
function byFormat(lines: readonly SdpLine[], name: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const value of attributes(lines, name)) {
    const space = value.indexOf(' ');
    const format = space < 0 ? value : value.slice(0, space);
    if (!map.has(format)) map.set(format, space < 0 ? '' : value.slice(space + 1).trim());
  }
  return map;
}

interface MediaLine {
  readonly media: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
}

/** `audio 9/2 RTP/AVP 0 8`; undefined when malformed. */
function readMediaLine(value: string): MediaLine | undefined {
  const [media = '', ports = '', protocol = '', ...rest] = value.split(' ');
  const formats = rest.filter((format) => format !== '');
  const slash = ports.indexOf('/');
  const port = digits(slash < 0 ? ports : ports.slice(0, slash), 65_535);
  if (media === '' || protocol === '' || port === undefined) return undefined;
  return formats.length === 0 || formats.length > MAX_FORMATS
    ? undefined
    : { media, port, protocol, formats };
}

/** A section that reads its attributes from the lines when asked. */
export class MediaSection implements MediaDescription {
  private rtpmaps: ReadonlyMap<string, string> | undefined;
  private fmtps: ReadonlyMap<string, string> | undefined;

  private constructor(
    readonly media: string,
    readonly port: number,
    readonly protocol: string,
    readonly formats: readonly string[],
    readonly connectionAddress: string | undefined,
    readonly direction: Direction,
    private readonly lines: readonly SdpLine[],
  ) {}

  /** `lines` begin with the m= line. A text when the section is malformed. */
  static read(lines: readonly SdpLine[], session: SessionDefaults): MediaSection | string {
    const line = readMediaLine(firstOf(lines, 'm') ?? '');
    if (!line) return 'malformed m= line';
    const own = firstOf(lines, 'c');
    const address = own === undefined ? session.connectionAddress : connectionAddressOf(own);
    if (own !== undefined && address === undefined) return 'malformed c= line';
    const direction = directionOf(lines) ?? session.direction ?? 'sendrecv';
    return new MediaSection(line.media, line.port, line.protocol, line.formats, address, direction, lines);
  }

  get isHold(): boolean {
    return (
      this.direction === 'sendonly' || this.direction === 'inactive' || isZeroAddress(this.connectionAddress)
    );
  }

  /** The rtpmap of a format, or what RFC 3551 says of its number; undefined when neither does. */
  rtpmap(format: string): RtpMap | undefined {
    this.rtpmaps ??= byFormat(this.lines, 'rtpmap');
    const text = this.rtpmaps.get(format);
    return text === undefined ? STATIC_PAYLOADS[format] : readRtpMap(text);
  }

  fmtp(format: string): string | undefined {
    this.fmtps ??= byFormat(this.lines, 'fmtp');
    return this.fmtps.get(format);
  }

  get ptime(): number | undefined {
    return digits(attributes(this.lines, 'ptime')[0]?.trim(), 1000);
  }
}
