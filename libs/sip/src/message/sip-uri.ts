import { COLON, isAlphaCode, isDigitCode, isHexCode, isUriCode } from './characters';
import { hostPort, readHostPort } from './host-port';
import { bracketed } from './ipv6-address';
import { findParam, Params } from './params';
import { digitsOf, sipUrisMatch, telUrisMatch } from './uri-comparison';

const PERCENT = 0x25;
const LINE_MAX = 8192;

interface UriParts {
  readonly scheme: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  readonly headers?: string | undefined;
}

/** What {@link SipUri.of} builds a URI from; `user` is escaped as needed. */
export interface UriFields {
  readonly scheme?: 'sip' | 'sips';
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
  readonly params?: Readonly<Record<string, string | undefined>>;
}

/**
 * A sip:, sips: or tel: URI (RFC 3261 §19.1, RFC 3966). A URI of another scheme is kept whole: its scheme can be read, its
 * host is empty. Unescaping is left to the reader ({@link SipUri.userText}): the text here is as on the wire.
 */
export class SipUri {
  readonly scheme: 'sip' | 'sips' | 'tel' | (string & {});
  /** As on the wire, escaped; the number of a tel: URI with its visual separators. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** IPv6 without brackets; empty for tel: and for unknown schemes. */
  readonly host: string;
  readonly port: number | undefined;
  /** What follows `?`, raw. */
  readonly headers: string | undefined;
  private parsedParams: Params | undefined;

  private constructor(
    parts: UriParts,
    private readonly text: string,
    private readonly paramsText: string,
  ) {
    this.scheme = parts.scheme;
    this.user = parts.user;
    this.password = parts.password;
    this.host = parts.host;
    this.port = parts.port;
    this.headers = parts.headers;
  }

  /** Never throws: undefined when the text is no URI, or is a sip:, sips: or tel: URI with a fault. */
  static parse(text: string): SipUri | undefined {
    const colon = schemeEnd(text);
    if (colon < 0 || text.length > LINE_MAX) return undefined;
    for (let i = colon; i < text.length; i++) if (!isUriCode(text.charCodeAt(i))) return undefined;
    const scheme = schemeName(text, colon);
    if (scheme === 'sip' || scheme === 'sips') return SipUri.parseSip(text, scheme, colon + 1);
    if (scheme === 'tel') return SipUri.parseTel(text, colon + 1);
    return new SipUri({ scheme, host: '' }, text, '');
  }

  /** A URI of ours. Throws TypeError when a part can not stand in one. */
  static of(fields: UriFields): SipUri {
    const user = fields.user === undefined ? '' : `${escapeUser(fields.user)}@`;
    const port = fields.port === undefined ? '' : `:${fields.port}`;
    const text = `${fields.scheme ?? 'sip'}:${user}${bracketed(fields.host)}${port}`;
    const uri = SipUri.parse(text);
    if (!uri) throw new TypeError(`not a SIP URI: ${JSON.stringify(text)}`);
    for (const [name, value] of Object.entries(fields.params ?? {})) uri.params.set(name, value);
    return uri;
  }

  private static parseSip(text: string, scheme: string, start: number): SipUri | undefined {
    const at = text.indexOf('@', start);
    const userEnd = userInfoEnd(text, start, at);
    if (userEnd === -2) return undefined;
    const hostEnd = readHostPort(text, at < 0 ? start : at + 1, false);
    if (hostEnd < 0) return undefined;
    const { host, port } = hostPort;
    const question = text.indexOf('?', hostEnd);
    const paramsText = text.slice(hostEnd, question < 0 ? text.length : question);
    if (!areUriParams(paramsText)) return undefined;
    if (question >= 0 && !escapesAreWhole(text, question, text.length)) return undefined;
    const headers = question < 0 ? undefined : text.slice(question + 1);
    const user = at < 0 ? undefined : text.slice(start, userEnd);
    const password = userEnd === at ? undefined : text.slice(userEnd + 1, at);
    return new SipUri({ scheme, user, password, host, port, headers }, text, paramsText);
  }

  private static parseTel(text: string, start: number): SipUri | undefined {
    const semicolon = text.indexOf(';', start);
    const end = semicolon < 0 ? text.length : semicolon;
    const user = text.slice(start, end);
    if (!isTelephoneNumber(user)) return undefined;
    const uri = new SipUri({ scheme: 'tel', user, host: '' }, text, text.slice(end));
    if (semicolon >= 0 && !Params.parse(text, end)) return undefined;
    // A local number means nothing without its context (RFC 3966 §5.1.5).
    return user.startsWith('+') || uri.params.has('phone-context') ? uri : undefined;
  }

  get params(): Params {
    this.parsedParams ??= Params.parse(this.paramsText) ?? new Params();
    return this.parsedParams;
  }

  /** The user part unescaped, once (RFC 3261 §19.1.2); undefined when there is none or its bytes are not UTF-8. */
  get userText(): string | undefined {
    if (this.user === undefined || !this.user.includes('%')) return this.user;
    try {
      return decodeURIComponent(this.user);
    } catch {
      return undefined;
    }
  }

  /** Whom it names, as on the wire: the user part, or the number of a tel: URI without its visual separators (RFC 3966 §5.1.1). */
  get dialled(): string | undefined {
    return this.scheme === 'tel' ? digitsOf(this.user ?? '') : this.user;
  }

  /** RFC 3261 §19.1.4 and RFC 3966 §4; URIs of other schemes by their text. */
  equals(other: SipUri): boolean {
    if (this.scheme !== other.scheme) return false;
    if (this.scheme === 'tel') return telUrisMatch(this, other);
    if (this.host === '') return this.text === other.text;
    return sipUrisMatch(this, other);
  }

  /** The SIP URI of a telephone number at `host` (RFC 3261 §19.1.6): separators gone, `user=phone` set; itself when not tel:. */
  toSip(host: string, port?: number): SipUri {
    if (this.scheme !== 'tel') return this;
    const user = digitsOf(this.user ?? '') + this.params.toString();
    return SipUri.of({ user, host, params: { user: 'phone' }, ...(port === undefined ? {} : { port }) });
  }

  toString(): string {
    if (!this.parsedParams || this.parsedParams.toString() === this.paramsText) return this.text;
    const headers = this.headers === undefined ? '' : `?${this.headers}`;
    const end = this.text.length - this.paramsText.length - headers.length;
    return this.text.slice(0, end) + this.parsedParams.toString() + headers;
  }
}

function schemeEnd(text: string): number {
  if (text.length === 0 || !isAlphaCode(text.charCodeAt(0))) return -1;
  for (let i = 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COLON) return i;
    const more = isAlphaCode(code) || isDigitCode(code) || code === 0x2b || code === 0x2d || code === 0x2e;
    if (!more) return -1;
  }
  return -1;
}

function schemeName(text: string, colon: number): string {
  if (colon === 3 && text.startsWith('sip')) return 'sip';
  return text.slice(0, colon).toLowerCase();
}

/** Where the user ends: at its password's colon or at `at`; -1 when there is none, -2 when it is empty or an escape is broken. */
function userInfoEnd(text: string, start: number, at: number): number {
  if (at < 0) return -1;
  const colon = text.indexOf(':', start);
  const end = colon >= 0 && colon < at ? colon : at;
  return end === start || !escapesAreWhole(text, start, at) ? -2 : end;
}

/** Empty, or `;`-parameters to the end; what has an `@` was meant as something else. */
function areUriParams(text: string): boolean {
  return text === '' || (!text.includes('@') && findParam(text, 0, '').end === text.length);
}

function escapesAreWhole(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (text.charCodeAt(i) !== PERCENT) continue;
    if (i + 2 >= to || !isHexCode(text.charCodeAt(i + 1)) || !isHexCode(text.charCodeAt(i + 2))) return false;
  }
  return true;
}

function isTelephoneNumber(text: string): boolean {
  let digits = 0;
  for (let i = text.startsWith('+') ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isHexCode(code) || code === 0x2a || code === 0x23) digits++;
    else if (!'-.()'.includes(text.charAt(i))) return false;
  }
  return digits > 0;
}

/** Escapes all that RFC 3261 §25.1 `user` does not allow, and `%` itself; UTF-8 bytes for the rest. */
export function escapeUser(user: string): string {
  let out = '';
  for (const character of user) {
    const code = character.charCodeAt(0);
    const plain = isAlphaCode(code) || isDigitCode(code) || "-_.!~*'()&=+$,;?/".includes(character);
    out += plain ? character : percentEncoded(character);
  }
  return out;
}

function percentEncoded(character: string): string {
  let out = '';
  for (const byte of Buffer.from(character, 'utf8'))
    out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return out;
}
