import { isAlphaCode, isDigitCode, isHexCode } from './characters';
import { comparableHost } from './ipv6-address';
import type { Params } from './params';

const UNRESERVED_MARKS = "-_.!~*'()";
/** Parameters that never match when only one URI has them (RFC 3261 §19.1.4). */
const NEVER_IGNORED = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** The components that are compared. */
export interface ComparableUri {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly headers: string | undefined;
  readonly params: Params;
}

function isUnreserved(code: number): boolean {
  return isAlphaCode(code) || isDigitCode(code) || UNRESERVED_MARKS.includes(String.fromCharCode(code));
}

/** Undoes the escapes that change nothing: `%61` is `a`, but `%40` is not `@` (RFC 3261 §19.1.4, RFC 2396 §2.3). */
export function comparableText(text: string): string {
  if (!text.includes('%')) return text;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const escaped =
      text.charAt(i) === '%' && isHexCode(text.charCodeAt(i + 1)) && isHexCode(text.charCodeAt(i + 2));
    if (!escaped) {
      out += text.charAt(i);
      continue;
    }
    const code = parseInt(text.slice(i + 1, i + 3), 16);
    out += isUnreserved(code) ? String.fromCharCode(code) : text.slice(i, i + 3).toUpperCase();
    i += 2;
  }
  return out;
}

const folded = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : comparableText(text).toLowerCase();

function paramsMatch(a: ComparableUri, b: ComparableUri): boolean {
  for (const [name, value] of a.params.entries()) {
    if (b.params.has(name)) {
      if (folded(value) !== folded(b.params.get(name))) return false;
    } else if (NEVER_IGNORED.includes(name.toLowerCase())) return false;
  }
  return true;
}

/** Header components as a sorted list: their order does not matter, their presence does. */
function comparableHeaders(headers: string | undefined): string {
  if (headers === undefined) return '';
  const pairs = headers.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    return comparableText(name).toLowerCase() + (equals < 0 ? '' : comparableText(pair.slice(equals)));
  });
  return pairs.sort().join('&');
}

function userText(user: string | undefined): string | undefined {
  return user === undefined ? undefined : comparableText(user);
}

/** RFC 3261 §19.1.4 for two URIs of one scheme, sip or sips. Not transitive, as the RFC itself points out. */
export function sipUrisMatch(a: ComparableUri, b: ComparableUri): boolean {
  return (
    userText(a.user) === userText(b.user) &&
    userText(a.password) === userText(b.password) &&
    comparableHost(a.host) === comparableHost(b.host) &&
    a.port === b.port &&
    paramsMatch(a, b) &&
    paramsMatch(b, a) &&
    comparableHeaders(a.headers) === comparableHeaders(b.headers)
  );
}

/** A telephone number without visual separators, letters lower-cased (RFC 3966 §4, §5.1.1). */
export function digitsOf(number: string): string {
  let out = '';
  for (const character of number) if (!'-.()'.includes(character)) out += character.toLowerCase();
  return out;
}

/** RFC 3966 §4: equal numbers, and every parameter equal whatever its order. */
export function telUrisMatch(a: ComparableUri, b: ComparableUri): boolean {
  if (digitsOf(a.user ?? '') !== digitsOf(b.user ?? '') || a.params.size !== b.params.size) return false;
  for (const [name, value] of a.params.entries()) {
    if (!b.params.has(name)) return false;
    const other = b.params.get(name);
    const phone = name.toLowerCase() === 'ext' || name.toLowerCase() === 'phone-context';
    const comparable = (text: string | undefined) => (phone ? digitsOfContext(text ?? '') : folded(text));
    if (comparable(value) !== comparable(other)) return false;
  }
  return true;
}

/** A phone-context may be a number prefix (separators do not count) or a domain name (its dots do). */
function digitsOfContext(text: string): string {
  return text.startsWith('+') || isDigitCode(text.charCodeAt(0)) ? digitsOf(text) : text.toLowerCase();
}
