/** Character codes and classes of RFC 3261 §25.1; everything here looks at each character at most once. */
export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const QUESTION = 0x3f;
export const BACKSLASH = 0x5c;

const TOKEN = 1;
const DIGIT = 2;
const ALPHA = 4;
const HEX = 8;
const PARAM_NAME = 16;
const HOST = 32;
const NOT_PARAM_VALUE = 64;
const NOT_URI = 128;

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const CONTROLS = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).join('') + '\x7f';

const classes = new Uint8Array(128);
const mark = (characters: string, bit: number): void => {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    classes[code] = (classes[code] ?? 0) | bit;
  }
};
mark(LETTERS + DIGITS + "-.!%*_+`'~", TOKEN);
mark(LETTERS + DIGITS + "-.!%*_+`'~[]/:&$@", PARAM_NAME);
mark(DIGITS, DIGIT);
mark(LETTERS, ALPHA);
mark(DIGITS + 'abcdefABCDEF', HEX);
mark(LETTERS + DIGITS + '-._', HOST);
mark(CONTROLS + ' ;,"<>', NOT_PARAM_VALUE);
mark(CONTROLS + ' "<>', NOT_URI);

const has = (code: number, bit: number): boolean => code < 128 && ((classes[code] as number) & bit) !== 0;

export const isTokenCode = (code: number): boolean => has(code, TOKEN);
export const isDigitCode = (code: number): boolean => has(code, DIGIT);
export const isAlphaCode = (code: number): boolean => has(code, ALPHA);
export const isHexCode = (code: number): boolean => has(code, HEX);
/** Host names with the underscore that many networks use in spite of RFC 1034. */
export const isHostCode = (code: number): boolean => has(code, HOST);
export const isParamNameCode = (code: number): boolean => has(code, PARAM_NAME);
/** Wider than the grammar (RFC 3261 §25.1 gen-value): all that can not end the parameter. */
export const isParamValueCode = (code: number): boolean => !has(code, NOT_PARAM_VALUE);
/** What may stand in a URI at all, non-ASCII let through. */
export const isUriCode = (code: number): boolean => !has(code, NOT_URI);
export const isBlankCode = (code: number): boolean => code === SP || code === HTAB;

/** True for a non-empty RFC 3261 §25.1 token. */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isTokenCode(text.charCodeAt(i))) return false;
  return text.length > 0;
}

/** The first position at or after `at` that is neither SP nor HTAB. */
export function skipBlanks(text: string, at: number): number {
  let i = at;
  while (i < text.length && isBlankCode(text.charCodeAt(i))) i++;
  return i;
}

/** `text` without SP and HTAB at both ends (String.trim would also take other white space). */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && isBlankCode(text.charCodeAt(end - 1))) end--;
  const start = skipBlanks(text, 0);
  return start === 0 && end === text.length ? text : text.slice(start, Math.max(start, end));
}

/** The position after the closing quote of the quoted string that opens at `open`, or -1. */
export function quotedEnd(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
  }
  return -1;
}

/** The text inside a quoted string, quoted-pairs undone; other text as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE || text.length < 2) return text;
  const inner = text.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  let out = '';
  for (let i = 0; i < inner.length; i++) {
    if (inner.charCodeAt(i) === BACKSLASH && i + 1 < inner.length) i++;
    out += inner.charAt(i);
  }
  return out;
}

/** `text` as a quoted string. Throws TypeError when it has a control character (RFC 3261 §25.1 qdtext). */
export function quote(text: string): string {
  assertFieldValue('quoted string', text);
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE || code === BACKSLASH) out += '\\';
    out += text.charAt(i);
  }
  return `${out}"`;
}

/** Throws TypeError when `value` holds a control character other than HTAB: it would not survive the wire (RFC 3261 §7.3.1). */
export function assertFieldValue(what: string, value: string): void {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < SP && code !== HTAB)
      throw new TypeError(`control character 0x${code.toString(16)} in ${what}`);
  }
}

/** A decimal of digits only, or undefined; also undefined above `max`. Leading zeros are allowed (RFC 4475 §3.1.1.1). */
export function decimal(text: string, max = 0xffff_ffff): number | undefined {
  if (text.length === 0) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isDigitCode(code)) return undefined;
    value = value * 10 + code - 0x30;
    if (value > max) return undefined;
  }
  return value;
}
