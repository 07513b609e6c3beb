import { COMMA, isTokenCode, skipBlanks, SLASH } from './characters';
import { hostPort, readHostPort } from './host-port';
import { bracketed } from './ipv6-address';
import { findParam, Params } from './params';

/** The magic cookie that RFC 3261 §8.1.1.7 branches begin with. */
export const BRANCH_COOKIE = 'z9hG4bK';

/** One Via value (RFC 3261 §20.42). */
export interface ViaValue {
  /** UDP TCP TLS WS WSS, or what else stands there, in capitals. */
  readonly protocol: string;
  /** The host of sent-by, IPv6 without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** undefined for an RFC 2543 peer. */
  readonly branch: string | undefined;
  readonly params: Params;
  toString(): string;
}

/** What {@link Via.of} builds from. */
export interface ViaFields {
  readonly protocol: string;
  readonly host: string;
  readonly port?: number | undefined;
  readonly branch?: string | undefined;
  /** Asks for RFC 3581 symmetric routing. */
  readonly rport?: boolean;
}

/** A Via value whose parameters are read when asked for. */
export class Via implements ViaValue {
  private parsedParams: Params | undefined;

  private constructor(
    readonly protocol: string,
    readonly host: string,
    readonly port: number | undefined,
    private readonly rawBranch: string | undefined,
    private readonly paramsText: string,
  ) {}

  /** The first value of a Via field; undefined when malformed. What follows a comma is not looked at. */
  static parse(text: string): Via | undefined {
    const protocolAt = readProtocolName(text);
    if (protocolAt < 0) return undefined;
    let i = protocolAt;
    while (i < text.length && isTokenCode(text.charCodeAt(i))) i++;
    const hostAt = skipBlanks(text, i);
    if (i === protocolAt || hostAt === i) return undefined;
    const paramsAt = readHostPort(text, hostAt, true);
    if (paramsAt < 0) return undefined;
    const { host, port } = hostPort;
    const { end, value } = findParam(text, paramsAt, 'branch');
    if (end < 0 || (end < text.length && text.charCodeAt(end) !== COMMA)) return undefined;
    return new Via(knownProtocol(text.slice(protocolAt, i)), host, port, value, text.slice(paramsAt, end));
  }

  static of(fields: ViaFields): Via {
    const via = new Via(fields.protocol, fields.host, fields.port, undefined, '');
    if (fields.branch !== undefined) via.params.set('branch', fields.branch);
    if (fields.rport) via.params.set('rport');
    return via;
  }

  get params(): Params {
    this.parsedParams ??= Params.parse(this.paramsText) ?? new Params();
    return this.parsedParams;
  }

  get branch(): string | undefined {
    return this.parsedParams ? this.parsedParams.get('branch') : this.rawBranch;
  }

  /** The sent-by as text: host, and port when it is there (RFC 3261 §18.1.1). */
  get sentBy(): string {
    return bracketed(this.host) + (this.port === undefined ? '' : `:${this.port}`);
  }

  toString(): string {
    const params = this.parsedParams ? this.parsedParams.toString() : this.paramsText;
    return `SIP/2.0/${this.protocol} ${this.sentBy}${params}`;
  }
}

/** The position of the transport after `SIP/2.0/`, LWS around the slashes allowed (RFC 4475 §3.1.1.1), or -1. */
function readProtocolName(text: string): number {
  if (text.startsWith('SIP/2.0/')) return skipBlanks(text, 8);
  const first = word(text, 0, 'SIP');
  const second = first < 0 ? -1 : word(text, first, '2.0');
  return second;
}

/** Skips `expected`, in any case, and the slash after it. */
function word(text: string, at: number, expected: string): number {
  const start = skipBlanks(text, at);
  const end = start + expected.length;
  if (text.slice(start, end).toUpperCase() !== expected) return -1;
  const slash = skipBlanks(text, end);
  return slash < text.length && text.charCodeAt(slash) === SLASH ? skipBlanks(text, slash + 1) : -1;
}

function knownProtocol(text: string): string {
  if (text === 'UDP' || text === 'TCP') return text;
  return text.toUpperCase();
}
