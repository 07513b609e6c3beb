import { EQUALS, isTokenCode, quote, QUOTE, quotedEnd, skipBlanks, unquote } from '../characters';

/** `scheme name=value, name="value"` of RFC 3261 §22, §25.1: challenges and credentials share it. */
export interface AuthParams {
  /** `Digest`, `Bearer` … as it came. */
  readonly scheme: string;
  /** Lower-case names, values without quotes; empty for a scheme that puts something else here. */
  readonly params: ReadonlyMap<string, string>;
}

const MAX_PARAMS = 64;
/** The parameters that RFC 7616 §3.3, §3.4 wants without quotes. */
const UNQUOTED = new Set(['algorithm', 'stale', 'nc']);

/** Where the value that begins at `at` ends, or -1. Wider than a token: peers leave out quotes around URIs. */
function valueEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === QUOTE) return quotedEnd(text, at);
  const comma = text.indexOf(',', at);
  return comma < 0 ? text.length : comma;
}

/** undefined when malformed or when a name occurs twice: which one would count? */
export function decodeAuthParams(text: string): AuthParams | undefined {
  let at = skipBlanks(text, 0);
  const schemeAt = at;
  while (at < text.length && isTokenCode(text.charCodeAt(at))) at++;
  const scheme = text.slice(schemeAt, at);
  const params = new Map<string, string>();
  if (scheme === '') return undefined;
  at = skipBlanks(text, at);
  while (at < text.length) {
    const next = readAuthParam(text, at, params);
    if (next < 0 || params.size > MAX_PARAMS) return undefined;
    at = next;
  }
  return { scheme, params };
}

/** Reads `name=value` and the comma after it; the position behind, or -1. */
function readAuthParam(text: string, at: number, params: Map<string, string>): number {
  let i = at;
  while (i < text.length && isTokenCode(text.charCodeAt(i))) i++;
  const name = text.slice(at, i).toLowerCase();
  const equals = skipBlanks(text, i);
  if (name === '' || params.has(name) || text.charCodeAt(equals) !== EQUALS) return -1;
  const valueAt = skipBlanks(text, equals + 1);
  const end = valueEnd(text, valueAt);
  if (end < 0) return -1;
  params.set(name, unquote(text.slice(valueAt, end).trimEnd()));
  const comma = skipBlanks(text, end);
  if (comma >= text.length) return comma;
  return text.charAt(comma) === ',' ? skipBlanks(text, comma + 1) : -1;
}

/** Throws TypeError when a value has control characters. `bare` names parameters to write without quotes besides the usual ones. */
export function encodeAuthParams(value: AuthParams, bare: readonly string[] = []): string {
  const parts: string[] = [];
  for (const [name, text] of value.params) {
    parts.push(`${name}=${UNQUOTED.has(name) || bare.includes(name) ? text : quote(text)}`);
  }
  return parts.length === 0 ? value.scheme : `${value.scheme} ${parts.join(', ')}`;
}
