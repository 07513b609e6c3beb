import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';

/** One place of a digit map: which keys it takes, whether it repeats ("."), whether they must be held long ("Z"). */
interface MapPlace {
  readonly keys: string;
  readonly repeats: boolean;
  readonly long: boolean;
}

/** One way through a digit map; with "T" at its end only a pause completes it. */
interface MapString {
  readonly places: readonly MapPlace[];
  readonly endsByPause: boolean;
}

/** A digit map of MGCP (RFC 3435 §2.1.5) or MEGACO (RFC 3525 §7.1.14). */
export interface DigitMap {
  readonly kind: 'map';
  readonly format: 'mgcp' | 'megaco';
  readonly strings: readonly MapString[];
}

const MAX_STRINGS = 64;
const MAX_PLACES = 128;
const DIGITS = '0123456789';
const KEYS = '0123456789ABCD*#';
/** MEGACO has letters for the keys that are none (H.248.1 annex E.6: E is star, F is number sign). */
const MEGACO_KEYS: Readonly<Record<string, string>> = { E: '*', F: '#' };
/** Timers that MEGACO names in front of a map or within: the timers of the collection stand for them. */
const MEGACO_TIMERS = 'TSL';
const TIMER_SETTING = /^[TSL]:[0-9]{1,2}$/;

/** Reads a digit map: strings, alone or as `(a|b)`. Never throws; the error says what is wrong. */
export function parseDigitMap(text: string, format: DigitMap['format']): Result<DigitMap, string> {
  const map = format === 'megaco' ? withoutTimers(text.toUpperCase()) : text.toUpperCase();
  const inner = map.startsWith('(') && map.endsWith(')') ? map.slice(1, -1) : map;
  const strings: MapString[] = [];
  for (const part of inner.split('|')) {
    const string = parseString(part.trim(), format);
    if (!string.ok) return string;
    strings.push(string.value);
  }
  return strings.length > MAX_STRINGS
    ? err(`more than ${MAX_STRINGS} strings`)
    : ok({ kind: 'map', format, strings });
}

/** `T:16,S:8,(...)` without its timers. */
function withoutTimers(text: string): string {
  const open = text.indexOf('(');
  if (open <= 0) return text;
  const settings = text.slice(0, open).split(',');
  const isTimers = settings.every((setting) => setting.trim() === '' || TIMER_SETTING.test(setting.trim()));
  return isTimers ? text.slice(open) : text;
}

/** One string of a map, letter by letter. */
class StringReader {
  private readonly places: MapPlace[] = [];
  private long = false;
  private endsByPause = false;

  constructor(private readonly format: DigitMap['format']) {}

  /** Takes a letter or a range; the answer is what is wrong. */
  take(token: string): string | undefined {
    if (this.endsByPause) return 'a timer that is not at the end';
    if (token === '.') return this.repeatLast();
    if (this.format === 'mgcp' && token === 'T') this.endsByPause = true;
    else if (this.format === 'megaco' && token === 'Z') this.long = true;
    else if (this.format === 'mgcp' || !MEGACO_TIMERS.includes(token)) return this.addPlace(token);
    return undefined;
  }

  finish(): Result<MapString, string> {
    const { places, endsByPause } = this;
    if (places.length === 0 || places.length > MAX_PLACES)
      return err('a string without keys, or with too many');
    return ok({ places, endsByPause });
  }

  private repeatLast(): string | undefined {
    const last = this.places.pop();
    if (!last || last.repeats) return 'a dot after nothing';
    this.places.push({ ...last, repeats: true });
    return undefined;
  }

  private addPlace(token: string): string | undefined {
    const keys = keysOf(token, this.format);
    if (keys === undefined) return `"${token.slice(0, 8)}" is no key`;
    this.places.push({ keys, repeats: false, long: this.long });
    this.long = false;
    return undefined;
  }
}

function parseString(text: string, format: DigitMap['format']): Result<MapString, string> {
  const reader = new StringReader(format);
  for (let at = 0; at < text.length; at++) {
    const end = text.charAt(at) === '[' ? text.indexOf(']', at) : at;
    if (end < 0) return err('a range without end');
    const wrong = reader.take(text.slice(at, end + 1));
    if (wrong !== undefined) return err(wrong);
    at = end;
  }
  return reader.finish();
}

/** The keys of `5`, `x` or `[1-35]`. */
function keysOf(token: string, format: DigitMap['format']): string | undefined {
  if (!token.startsWith('[')) return token === 'X' ? DIGITS : keyOf(token, format);
  let keys = '';
  const inner = token.slice(1, -1);
  for (let at = 0; at < inner.length;) {
    const length = inner.charAt(at + 1) === '-' ? 3 : 1;
    const more = keysBetween(inner.charAt(at), inner.charAt(at + length - 1), format);
    if (more === undefined) return undefined;
    keys += more;
    at += length;
  }
  return keys === '' ? undefined : keys;
}

function keysBetween(from: string, to: string, format: DigitMap['format']): string | undefined {
  if (from === 'X' && to === 'X') return DIGITS;
  const [first, last] = [from, to].map((letter) => KEYS.indexOf(keyOf(letter, format) ?? 'none'));
  if (first === undefined || last === undefined || first < 0 || last < first) return undefined;
  return KEYS.slice(first, last + 1);
}

function keyOf(letter: string, format: DigitMap['format']): string | undefined {
  const key = format === 'megaco' && Object.hasOwn(MEGACO_KEYS, letter) ? MEGACO_KEYS[letter] : letter;
  return key !== undefined && key.length === 1 && KEYS.includes(key) ? key : undefined;
}

/** How far keys have gone through a map. */
interface MapProgress {
  /** A string is complete. */
  readonly complete: boolean;
  /** A string is complete as soon as nothing more is keyed. */
  readonly completeByPause: boolean;
  /** More keys could still complete one. */
  readonly open: boolean;
}

const takes = (place: MapPlace, key: string): boolean =>
  place.long === key.length > 1 && place.keys.includes(key.charAt(0));

/** The places that are reached, and those behind them that may be left out. */
function closure(reached: ReadonlySet<number>, places: readonly MapPlace[]): Set<number> {
  const all = new Set<number>();
  for (const from of reached) {
    all.add(from);
    for (let at = from; places[at]?.repeats; at++) all.add(at + 1);
  }
  return all;
}

/** The places of a string that keys lead to. */
function placesAfter(places: readonly MapPlace[], keyed: readonly string[]): ReadonlySet<number> {
  let reached = closure(new Set([0]), places);
  for (const key of keyed) {
    const next = new Set<number>();
    for (const at of reached) {
      const place = places[at];
      if (place && takes(place, key)) next.add(place.repeats ? at : at + 1);
    }
    reached = closure(next, places);
  }
  return reached;
}

/** Goes through all strings at once; `keyed` has one entry for each key, `5L` for a long one. */
export function followDigitMap({ strings }: DigitMap, keyed: readonly string[]): MapProgress {
  let [complete, completeByPause, open] = [false, false, false];
  for (const { places, endsByPause } of strings) {
    const reached = placesAfter(places, keyed);
    const isThrough = reached.has(places.length);
    complete ||= isThrough && !endsByPause;
    completeByPause ||= isThrough;
    open ||= [...reached].some((at) => at < places.length) || (isThrough && endsByPause);
  }
  return { complete, completeByPause, open };
}
