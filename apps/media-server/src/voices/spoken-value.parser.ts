import type { Amount, CalendarDate, ClockTime } from './language';

const DATE = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const TIME = /^(\d{2}):?(\d{2})(?::?(\d{2}))?$/;
const NUMBER = /^(-?)(\d{1,12})(?:\.(\d{1,12}))?$/;
const MONEY = /^(-?)(\d{1,11})(?:\.(\d{2}))?$/;
const LENGTH = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s)?$/;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const FEBRUARY = 2;
const SHORT_MONTHS = [4, 6, 9, 11];

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === FEBRUARY) return isLeap ? 29 : 28;
  return SHORT_MONTHS.includes(month) ? 30 : 31;
}

/** `YYYYMMDD` or `YYYY-MM-DD`; undefined for a day that no calendar has. */
export function readDate(text: string): CalendarDate | undefined {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year === 0) return undefined;
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return exists ? { year, month, day } : undefined;
}

/** `HHMM`, `HHMMSS`, `HH:MM` or `HH:MM:SS`. */
export function readTime(text: string): ClockTime | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  const second = match[3] === undefined ? undefined : Number(match[3]);
  return hour < 24 && minute < 60 && (second ?? 0) < 60 ? { hour, minute, second } : undefined;
}

/** A number of 12 digits at most, before the point and after it. */
export function readNumber(text: string): { negative: boolean; whole: number; fraction: string } | undefined {
  const match = NUMBER.exec(text);
  return match
    ? { negative: match[1] === '-', whole: Number(match[2]), fraction: match[3] ?? '' }
    : undefined;
}

/** With a point it is main units and hundredths; without, it counts hundredths, as in RFC 2897. */
export function readMoney(text: string): Amount | undefined {
  const match = MONEY.exec(text);
  if (!match) return undefined;
  const value = Number(match[2]);
  const negative = match[1] === '-';
  if (match[3] !== undefined) return { negative, main: value, hundredths: Number(match[3]) };
  return { negative, main: Math.floor(value / 100), hundredths: value % 100 };
}

/** Milliseconds of `90s`, `1500ms`, or of a bare number of `bareUnitMs`. */
export function readLengthMs(text: string, bareUnitMs: number): number | undefined {
  const match = LENGTH.exec(text);
  if (!match) return undefined;
  const unitMs = match[2] === undefined ? bareUnitMs : match[2] === 's' ? 1000 : 1;
  return Math.round(Number(match[1]) * unitMs);
}

/** 1 for Sunday to 7 for Saturday (RFC 2897), or an English name. */
export function readWeekday(text: string): number | undefined {
  const index = DAYS.indexOf(text.toLowerCase());
  if (index >= 0) return index + 1;
  return /^[1-7]$/.test(text) ? Number(text) : undefined;
}

/** 1 to 12. */
export function readMonth(text: string): number | undefined {
  const month = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  return month >= 1 && month <= 12 ? month : undefined;
}
