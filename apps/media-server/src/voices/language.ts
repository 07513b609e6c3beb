/** One thing after the other: a clip of the voice, or silence. */
export type SpokenPart = { readonly clip: string } | { readonly silenceMs: number };

/** A day of the Gregorian calendar. */
export interface CalendarDate {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
}

export interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  /** Undefined when it is not to be said. */
  readonly second: number | undefined;
}

/** An amount as its main unit and, where the currency has one, hundredths. */
export interface Amount {
  readonly negative: boolean;
  readonly main: number;
  readonly hundredths: number;
}

export const CURRENCIES = ['USD', 'EUR', 'GBP', 'CNY'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** How one language says the values of `var` (RFC 5707 §9.7.1.4): which clips, in which order. */
export interface Language {
  readonly defaultDateOrder: string;
  readonly defaultClock: 't12' | 't24';
  readonly defaultCurrency: Currency;
  /** One of `0-9 A-D * #`. */
  digit(digit: string): string;
  /** 0 to 999,999,999,999 */
  cardinal(value: number): string[];
  ordinal(value: number): string[];
  readonly minus: string;
  readonly point: string;
  year(year: number): string[];
  month(month: number): string[];
  day(day: number): string[];
  /** 1 is Sunday, 7 is Saturday. */
  weekday(day: number): string[];
  time12(time: ClockTime): string[];
  time24(time: ClockTime): string[];
  money(amount: Amount, currency: Currency): string[];
  /** Whole seconds. */
  duration(seconds: number): string[];
}

const SECONDS_OF = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const;
export type DurationUnit = keyof typeof SECONDS_OF;

/** The units of a length of time that are not zero, the largest first; zero seconds for no time at all. */
export function durationUnits(seconds: number): [DurationUnit, number][] {
  const units: [DurationUnit, number][] = [];
  let left = seconds;
  for (const [unit, length] of Object.entries(SECONDS_OF) as [DurationUnit, number][]) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) units.push([unit, count]);
  }
  return units.length > 0 ? units : [['second', 0]];
}
