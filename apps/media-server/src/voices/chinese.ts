import type { Amount, ClockTime, Currency, Language } from './language';
import { durationUnits } from './language';

const KEYS: Readonly<Record<string, string>> = { '*': 'star', '#': 'pound-key' };
const MYRIAD = 10_000;
const PLACES = [
  [1000, 'thousand'],
  [100, 'hundred'],
  [10, 'number-10'],
] as const;
const NOON = 12;

/** Up to 9999; a gap of zeros within is said once: 一千零一. */
function belowMyriad(value: number): string[] {
  const words: string[] = [];
  let left = value;
  let gap = false;
  for (const [place, name] of PLACES) {
    const count = Math.floor(left / place);
    left %= place;
    if (count === 0) {
      gap ||= words.length > 0;
      continue;
    }
    if (gap) words.push('number-0');
    gap = false;
    words.push(place === 1000 && count === 2 ? 'two' : `number-${count}`, name);
  }
  if (left > 0) words.push(...(gap ? ['number-0'] : []), `number-${left}`);
  return words;
}

/** Groups of four digits, each with its name; a group that begins with zeros is joined by one. */
function groups(value: number): string[] {
  const parts = [
    [Math.floor(value / (MYRIAD * MYRIAD)), 'hundred-million'],
    [Math.floor(value / MYRIAD) % MYRIAD, 'ten-thousand'],
    [value % MYRIAD, ''],
  ] as const;
  const words: string[] = [];
  let gap = false;
  for (const [count, name] of parts) {
    if (count === 0) {
      gap ||= words.length > 0;
      continue;
    }
    if (words.length > 0 && (gap || count < MYRIAD / 10)) words.push('number-0');
    gap = false;
    words.push(...(count === 2 && name !== '' ? ['two'] : belowMyriad(count)));
    if (name !== '') words.push(name);
  }
  return words;
}

/** Ten to nineteen begin with ten: 十五, not 一十五. */
function cardinal(value: number): string[] {
  if (value === 0) return ['number-0'];
  const words = groups(value);
  return words[0] === 'number-1' && words[1] === 'number-10' ? words.slice(1) : words;
}

/** Two of something is 两. */
const count = (value: number): string[] => (value === 2 ? ['two'] : cardinal(value));
const counted = (value: number, unit: string): string[] => [...count(value), unit];

/** Minutes and seconds below ten are said with their zero. */
const twoDigits = (value: number): string[] => [...(value < 10 ? ['number-0'] : []), ...cardinal(value)];

function clock(hour: number, { minute, second }: ClockTime): string[] {
  const words = counted(hour, 'clock');
  if (minute === 0 && second === undefined) return [...words, 'clock-sharp'];
  words.push(...twoDigits(minute), 'clock-minute');
  return second === undefined ? words : [...words, ...twoDigits(second), 'clock-second'];
}

/** Currencies that are counted in hundredths: main unit and hundredth. */
const UNITS: Readonly<Record<Exclude<Currency, 'CNY'>, readonly [string, string]>> = {
  USD: ['unit-dollar', 'unit-cent'],
  EUR: ['unit-euro', 'unit-euro-cent'],
  GBP: ['unit-pound', 'unit-pence'],
};

/** 三元四角五分, 三元零五分 */
function yuan({ main, hundredths }: Amount): string[] {
  const jiao = Math.floor(hundredths / 10);
  const fen = hundredths % 10;
  const words = main > 0 || hundredths === 0 ? counted(main, 'unit-yuan') : [];
  if (jiao > 0) words.push(...counted(jiao, 'unit-jiao'));
  else if (main > 0 && fen > 0) words.push('number-0');
  return fen > 0 ? [...words, ...counted(fen, 'unit-fen')] : words;
}

function money(amount: Amount, currency: Currency): string[] {
  const sign = amount.negative ? ['minus'] : [];
  if (currency === 'CNY') return [...sign, ...yuan(amount)];
  const { main, hundredths } = amount;
  const [unit, hundredth] = UNITS[currency];
  return [
    ...sign,
    ...(main > 0 || hundredths === 0 ? counted(main, unit) : []),
    ...(hundredths > 0 ? counted(hundredths, hundredth) : []),
  ];
}

const digitsOf = (value: number): string[] => [...String(value)].map((digit) => `number-${digit}`);

/** Mandarin. */
export const chinese: Language = {
  defaultDateOrder: 'ymd',
  defaultClock: 't24',
  defaultCurrency: 'CNY',
  minus: 'minus',
  point: 'point',
  digit: (digit) => KEYS[digit] ?? (/\d/.test(digit) ? `number-${digit}` : `letter-${digit.toLowerCase()}`),
  cardinal,
  ordinal: (value) => ['ordinal', ...cardinal(value)],
  year: (year) => [...digitsOf(year), 'year'],
  month: (month) => [...cardinal(month), 'month'],
  day: (day) => [...cardinal(day), 'day'],
  weekday: (day) => [`weekday-${day}`],
  time12: (time) => [
    time.hour < NOON ? 'morning' : 'afternoon',
    ...clock(time.hour % NOON === 0 ? NOON : time.hour % NOON, time),
  ],
  time24: (time) => clock(time.hour, time),
  money,
  duration: (seconds) => durationUnits(seconds).flatMap(([unit, value]) => counted(value, `unit-${unit}`)),
};
