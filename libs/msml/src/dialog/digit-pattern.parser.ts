import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { DigitMap } from './digit-map.parser';
import { followDigitMap, parseDigitMap } from './digit-map.parser';

/** What digits a collection waits for. `digits`: one by one, "x" is any of 0-9. `length`: that many to so many, with special keys. */
export type DigitPattern =
  | DigitMap
  | { readonly kind: 'digits'; readonly digits: string }
  | {
      readonly kind: 'length';
      readonly min: number;
      /** Infinity when only a return key ends it. */
      readonly max: number;
      /** The key that says "done"; it is reported, but no part of the data. */
      readonly returnKey?: string;
      readonly cancelKey?: string;
    };

const LONG = 'L';
const MAX_PATTERN_LENGTH = 256;
const MAX_DIGITS = 128;
const DIGITS = /^[0-9A-Da-d*#xX]{1,128}$/;
const KEY = /^[0-9A-Da-d*#]$/;
const COUNT = /^[0-9]{1,3}$/;

/**
 * Reads the moml+digits format: "xxxx#", "11#", "5", or "min=1;max=5;rtk=#", "length=4", "rtk=#". RFC 5707 §9.7.5.2 gives no
 * grammar; this is the union of what media servers document. With another format it is a digit map. Never throws; the error says
 * what is wrong.
 */
export function parseDigitPattern(
  text: string,
  format: 'moml+digits' | DigitMap['format'] = 'moml+digits',
): Result<DigitPattern, string> {
  if (text.length > MAX_PATTERN_LENGTH) return err('too long');
  if (format !== 'moml+digits') return parseDigitMap(text, format);
  if (DIGITS.test(text)) return ok({ kind: 'digits', digits: text.toUpperCase().replaceAll('X', 'x') });
  const settings = new Map<string, string>();
  for (const part of text.split(';')) {
    const [name, value, rest] = part.trim().split('=');
    if (!name || value === undefined || rest !== undefined)
      return err(`"${part}" is neither digits nor a setting`);
    const key = name.trim().toLowerCase();
    if (settings.has(key)) return err(`${key} comes twice`);
    settings.set(key, value.trim());
  }
  return lengthPattern(settings);
}

const SETTINGS: ReadonlyMap<string, RegExp> = new Map([
  ['min', COUNT],
  ['max', COUNT],
  ['length', COUNT],
  ['rtk', KEY],
  ['cancel', KEY],
]);

function lengthPattern(settings: ReadonlyMap<string, string>): Result<DigitPattern, string> {
  for (const [name, value] of settings) {
    const form = SETTINGS.get(name);
    if (!form) return err(`${name} is no setting`);
    if (!form.test(value)) return err(`${name}=${value}`);
  }
  const returnKey = settings.get('rtk')?.toUpperCase();
  const cancelKey = settings.get('cancel')?.toUpperCase();
  const range = rangeOf(settings, returnKey !== undefined);
  if (!range.ok) return range;
  return ok({
    kind: 'length',
    ...range.value,
    ...(returnKey && { returnKey }),
    ...(cancelKey && { cancelKey }),
  });
}

function rangeOf(
  settings: ReadonlyMap<string, string>,
  endsByKey: boolean,
): Result<{ min: number; max: number }, string> {
  const exact = numberOf(settings.get('length'));
  const min = exact ?? numberOf(settings.get('min')) ?? 1;
  const max = exact ?? numberOf(settings.get('max')) ?? (endsByKey ? Infinity : undefined);
  if (max === undefined) return err('neither max, length nor rtk says when it ends');
  const tooMany = max !== Infinity && max > MAX_DIGITS;
  return min > max || max === 0 || tooMany ? err(`from ${min} to ${max} digits`) : ok({ min, max });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** How far collected digits go towards a pattern: more are wanted, they match, or they never will. */
export type DigitMatch = 'partial' | 'match' | 'nomatch';

/**
 * Compares the digits keyed so far, the return key among them, with `pattern`. A pattern with a return key and a maximum matches
 * with the key only: "max" does not count it, and one digit too many is no match. A map of MGCP matches with the first string that is
 * complete (RFC 3435 §2.1.5), one of MEGACO when no string could go on. `keyed` has one entry for each key, `5L` for a long one.
 */
export function matchDigits(pattern: DigitPattern, keyed: readonly string[]): DigitMatch {
  if (pattern.kind === 'map') return matchMap(pattern, keyed);
  const digits = asText(keyed);
  return pattern.kind === 'digits' ? matchTemplate(pattern.digits, digits) : matchLength(pattern, digits);
}

function matchMap(map: DigitMap, keyed: readonly string[]): DigitMatch {
  const { complete, open } = followDigitMap(map, keyed);
  if (complete && (map.format === 'mgcp' || !open)) return 'match';
  return complete || open ? 'partial' : 'nomatch';
}

/** A long digit counts as one and equals no key of a pattern. */
const asText = (keyed: readonly string[]): string =>
  keyed.map((key) => (key.length > 1 ? LONG : key.toUpperCase())).join('');

function matchTemplate(template: string, digits: string): DigitMatch {
  if (digits.length > template.length) return 'nomatch';
  const fits = [...digits].every((digit, at) =>
    template[at] === 'x' ? /[0-9]/.test(digit) : template[at] === digit,
  );
  if (!fits) return 'nomatch';
  return digits.length === template.length ? 'match' : 'partial';
}

function matchLength(pattern: DigitPattern & { kind: 'length' }, digits: string): DigitMatch {
  const { min, max, returnKey, cancelKey } = pattern;
  if (cancelKey !== undefined && digits.includes(cancelKey)) return 'nomatch';
  if (returnKey === undefined) return matchCount(digits.length, max);
  const end = digits.indexOf(returnKey);
  if (end < 0) return digits.length > max ? 'nomatch' : 'partial';
  return end === digits.length - 1 && end >= min && end <= max ? 'match' : 'nomatch';
}

function matchCount(count: number, max: number): DigitMatch {
  if (count > max) return 'nomatch';
  return count === max ? 'match' : 'partial';
}

/** True when a pause after `keyed` completes a match: enough digits, and no return key to wait for. */
export function matchesAfterPause(pattern: DigitPattern, keyed: readonly string[]): boolean {
  if (pattern.kind === 'map') return followDigitMap(pattern, keyed).completeByPause;
  if (pattern.kind === 'digits' || pattern.returnKey !== undefined) return false;
  return keyed.length >= pattern.min && matchDigits(pattern, keyed) !== 'nomatch';
}
