import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { PlayVariable } from '@legato/msml';
import { chinese } from './chinese';
import { english } from './english';
import type { Currency, Language, SpokenPart } from './language';
import { CURRENCIES } from './language';
import {
  readDate,
  readLengthMs,
  readMoney,
  readMonth,
  readNumber,
  readTime,
  readWeekday,
} from './spoken-value.parser';

/** What is said of a variable, and in which voice. */
export interface SpokenVariable {
  readonly language: 'en' | 'zh';
  readonly parts: readonly SpokenPart[];
}

type Value = Pick<PlayVariable, 'value' | 'subtype'>;
/** The clips of a value; undefined when it is none of this type. */
type Speaker = (value: Value, language: Language) => readonly (string | number)[] | undefined;

const LANGUAGES = { en: english, zh: chinese } as const;
/** Primary subtags (RFC 5646) and the voice that speaks them. */
const VOICE_OF: Readonly<Record<string, keyof typeof LANGUAGES>> = { en: 'en', zh: 'zh', cmn: 'zh' };
/** What RFC 2897 counts silence in. */
const SILENCE_UNIT_MS = 100;
const LONGEST_SILENCE_MS = 60_000;
const LONGEST_DURATION_MS = 1e12;
const DIGITS = /^[0-9A-Da-d*#]{1,128}$/;
/** A North American number is said in groups: area, exchange, line. */
const DIRECTORY_NUMBER = /^1?\d{10}$/;
const GROUP_PAUSE_MS = 250;
const DATE_ORDER = /^(?!.*(.).*\1)[mdy]{1,3}$/;

function sayDigits({ value, subtype = 'gen' }: Value, language: Language): (string | number)[] | undefined {
  if (subtype !== 'gen' && subtype !== 'ndn') return sayNumber({ value, subtype }, language);
  if (!DIGITS.test(value)) return undefined;
  const words: (string | number)[] = [...value].map((digit) => language.digit(digit));
  if (subtype === 'gen') return words;
  if (!DIRECTORY_NUMBER.test(value)) return undefined;
  words.splice(-4, 0, GROUP_PAUSE_MS);
  words.splice(-8, 0, GROUP_PAUSE_MS);
  return words.slice(words[0] === GROUP_PAUSE_MS ? 1 : 0);
}

function sayNumber({ value, subtype = 'crn' }: Value, language: Language): string[] | undefined {
  const number = readNumber(value);
  if (!number) return undefined;
  const { negative, whole, fraction } = number;
  if (subtype === 'ord') return negative || fraction !== '' ? undefined : language.ordinal(whole);
  if (subtype !== 'crn' && subtype !== 'crd') return undefined;
  const tail =
    fraction === '' ? [] : [language.point, ...[...fraction].map((digit) => language.digit(digit))];
  return [...(negative ? [language.minus] : []), ...language.cardinal(whole), ...tail];
}

function sayDate({ value, subtype }: Value, language: Language): string[] | undefined {
  const date = readDate(value);
  const order = subtype ?? language.defaultDateOrder;
  if (!date || !DATE_ORDER.test(order)) return undefined;
  const parts: Readonly<Record<string, () => string[]>> = {
    y: () => language.year(date.year),
    m: () => language.month(date.month),
    d: () => language.day(date.day),
  };
  return [...order].flatMap((letter) => parts[letter]?.() ?? []);
}

function sayTime({ value, subtype }: Value, language: Language): string[] | undefined {
  const time = readTime(value);
  const clock = subtype ?? language.defaultClock;
  if (!time || (clock !== 't12' && clock !== 't24')) return undefined;
  return clock === 't12' ? language.time12(time) : language.time24(time);
}

const isCurrency = (text: string): text is Currency => (CURRENCIES as readonly string[]).includes(text);

function sayMoney({ value, subtype }: Value, language: Language): string[] | undefined {
  const amount = readMoney(value);
  const currency = subtype?.toUpperCase() ?? language.defaultCurrency;
  return amount && isCurrency(currency) ? language.money(amount, currency) : undefined;
}

function sayDuration({ value, subtype }: Value, language: Language): string[] | undefined {
  const ms = readLengthMs(value, 1000);
  if (ms === undefined || ms > LONGEST_DURATION_MS || subtype !== undefined) return undefined;
  return language.duration(Math.round(ms / 1000));
}

function saySilence({ value, subtype }: Value): number[] | undefined {
  const ms = readLengthMs(value, SILENCE_UNIT_MS);
  return ms === undefined || ms > LONGEST_SILENCE_MS || subtype !== undefined ? undefined : [ms];
}

/** For types without subtypes. */
const plain =
  <T>(read: (text: string) => T | undefined, say: (value: T, language: Language) => string[]): Speaker =>
  ({ value, subtype }, language) => {
    const known = read(value);
    return known === undefined || subtype !== undefined ? undefined : say(known, language);
  };

/** What each type takes as value and subtype: the customs of RFC 2897 and RFC 6231, as RFC 5707 says nothing of them. */
const SPEAKERS: Readonly<Record<PlayVariable['type'], Speaker>> = {
  date: sayDate,
  digits: sayDigits,
  duration: sayDuration,
  month: plain(readMonth, (month, language) => language.month(month)),
  money: sayMoney,
  number: sayNumber,
  silence: saySilence,
  time: sayTime,
  weekday: plain(readWeekday, (day, language) => language.weekday(day)),
};

/** What `variable` says, in its language or in `inherited`, that of its play; English when none is named. The error is for a response 410. */
export function speakVariable(variable: PlayVariable, inherited?: string): Result<SpokenVariable, string> {
  const tag = variable['xml:lang'] ?? inherited ?? 'en';
  const language = VOICE_OF[tag.split('-')[0]?.toLowerCase() ?? ''];
  if (language === undefined) return err(`var xml:lang ${tag} is not spoken here`);
  const words = SPEAKERS[variable.type](variable, LANGUAGES[language]);
  if (!words) return err(`var of type ${variable.type} with this value and subtype`);
  const parts = words.map((word) => (typeof word === 'number' ? { silenceMs: word } : { clip: word }));
  return ok({ language, parts });
}
