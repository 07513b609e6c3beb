import { decimal } from '../characters';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LENGTH = 'Sat, 13 Nov 2010 23:29:00 GMT'.length;

/** Date (RFC 3261 §20.17): an RFC 1123 date in GMT, as milliseconds since 1970; undefined for anything else (RFC 4475 §3.1.2.12). */
export function decodeDate(text: string): number | undefined {
  if (text.length !== LENGTH || !text.endsWith(' GMT') || !DAYS.includes(text.slice(0, 3))) return undefined;
  const month = MONTHS.indexOf(text.slice(8, 11));
  const [day, year, hours, minutes, seconds] = [
    decimal(text.slice(5, 7), 31),
    decimal(text.slice(12, 16)),
    decimal(text.slice(17, 19), 23),
    decimal(text.slice(20, 22), 59),
    decimal(text.slice(23, 25), 60),
  ];
  if (month < 0 || day === undefined || year === undefined) return undefined;
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  const time = Date.UTC(year, month, day, hours, minutes, seconds);
  return encodeDate(time) === text || seconds === 60 ? time : undefined;
}

export const encodeDate = (time: number): string => new Date(time).toUTCString();
