import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&([^;&]{0,12})(;?)/g;
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const LARGEST_CODE_POINT = 0x10ffff;

/** True for the characters that XML 1.0 §2.2 leaves out: C0 but TAB, LF, CR; lone surrogates; U+FFFE and U+FFFF. */
export function hasForbiddenCharacter(text: string): boolean {
  return FORBIDDEN.test(text);
}

/**
 * Replaces the five predefined entities and the numeric references (XML 1.0 §4.1, §4.6). No other entity exists,
 * because a document type is never read: the error is the reference that was not understood.
 */
export function decodeReferences(text: string): Result<string, string> {
  if (!text.includes('&')) return ok(text);
  let unknown: string | undefined;
  const decoded = text.replace(REFERENCE, (whole: string, name: string, end: string) => {
    const character = end === ';' ? characterOf(name) : undefined;
    if (character === undefined) unknown ??= whole;
    return character ?? '';
  });
  return unknown === undefined ? ok(decoded) : err(unknown);
}

function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
  const numeric = /^#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}))$/.exec(name);
  if (!numeric) return undefined;
  const codePoint = numeric[1] ? parseInt(numeric[1], 16) : parseInt(numeric[2] ?? '', 10);
  if (codePoint > LARGEST_CODE_POINT) return undefined;
  const character = String.fromCodePoint(codePoint);
  return hasForbiddenCharacter(character) ? undefined : character;
}
