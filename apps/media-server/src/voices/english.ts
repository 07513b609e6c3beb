import type { Amount, ClockTime, Currency, Language } from './language';
import { durationUnits } from './language';

const SCALES = [
  [1_000_000_000, 'billion'],
  [1_000_000, 'million'],
  [1000, 'thousand'],
] as const;
const KEYS: Readonly<Record<string, string>> = { '*': 'star', '#': 'pound-key' };
/** Main unit and hundredth, each for one and for many. */
const UNITS: Readonly<Record<Currency, readonly [string, string, string, string]>> = {
  USD: ['unit-dollar', 'unit-dollars', 'unit-cent', 'unit-cents'],
  EUR: ['unit-euro', 'unit-euros', 'unit-cent', 'unit-cents'],
  GBP: ['unit-pound', 'unit-pounds', 'unit-penny', 'unit-pence'],
  CNY: ['unit-yuan', 'unit-yuan', 'unit-fen', 'unit-fen'],
};
const NOON = 12;

function belowThousand(value: number): string[] {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  const words = hundreds > 0 ? [`number-${hundreds}`, 'hundred'] : [];
  if (rest === 0) return words;
  if (rest <= 20 || rest % 10 === 0) return [...words, `number-${rest}`];
  return [...words, `number-${rest - (rest % 10)}`, `number-${rest % 10}`];
}

function cardinal(value: number): string[] {
  if (value === 0) return ['number-0'];
  const words: string[] = [];
  let left = value;
  for (const [scale, name] of SCALES) {
    if (left >= scale) words.push(...belowThousand(Math.floor(left / scale)), name);
    left %= scale;
  }
  return [...words, ...belowThousand(left)];
}

/** Only the last word changes: twenty first, two hundredth. */
function ordinal(value: number): string[] {
  const words = cardinal(value);
  const last = words.pop() ?? '';
  return [...words, last.startsWith('number-') ? last.replace('number', 'ordinal') : `ordinal-${last}`];
}

/** 1999 and 2010 in pairs, 2003 as a number. */
function year(value: number): string[] {
  const century = Math.floor(value / 100);
  const rest = value % 100;
  if (century < 10 || (century % 10 === 0 && rest < 10)) return cardinal(value);
  if (rest === 0) return [...cardinal(century), 'hundred'];
  return [...cardinal(century), ...twoDigits(rest)];
}

/** Minutes, and years of a century: oh five, fifteen. */
const twoDigits = (value: number): string[] => [...(value < 10 ? ['oh'] : []), ...cardinal(value)];

const secondsOf = ({ second }: ClockTime): string[] =>
  second === undefined ? [] : ['and', ...counted(second, 'unit-second', 'unit-seconds')];

const counted = (count: number, one: string, many: string): string[] => [
  ...cardinal(count),
  count === 1 ? one : many,
];

function time12(time: ClockTime): string[] {
  const hour = cardinal(time.hour % NOON === 0 ? NOON : time.hour % NOON);
  const minute = time.minute === 0 ? [] : twoDigits(time.minute);
  return [...hour, ...minute, ...secondsOf(time), time.hour < NOON ? 'am' : 'pm'];
}

function time24(time: ClockTime): string[] {
  const hour = time.hour < 10 ? twoDigits(time.hour) : cardinal(time.hour);
  const minute = time.minute === 0 ? ['hundred'] : twoDigits(time.minute);
  return [...hour, ...minute, ...secondsOf(time)];
}

function money({ negative, main, hundredths }: Amount, currency: Currency): string[] {
  const [one, many, oneHundredth, manyHundredths] = UNITS[currency];
  const words = negative ? ['minus'] : [];
  if (main > 0 || hundredths === 0) words.push(...counted(main, one, many));
  if (main > 0 && hundredths > 0) words.push('and');
  if (hundredths > 0) words.push(...counted(hundredths, oneHundredth, manyHundredths));
  return words;
}

/** English as it is spoken in America. */
export const english: Language = {
  defaultDateOrder: 'mdy',
  defaultClock: 't12',
  defaultCurrency: 'USD',
  minus: 'minus',
  point: 'point',
  digit: (digit) => KEYS[digit] ?? (/\d/.test(digit) ? `number-${digit}` : `letter-${digit.toLowerCase()}`),
  cardinal,
  ordinal,
  year,
  month: (month) => [`month-${month}`],
  day: ordinal,
  weekday: (day) => [`weekday-${day}`],
  time12,
  time24,
  money,
  duration: (seconds) =>
    durationUnits(seconds).flatMap(([unit, count]) => counted(count, `unit-${unit}`, `unit-${unit}s`)),
};
