import { eventOfDigit } from './telephone-event';

const ROWS_HZ = [697, 770, 852, 941] as const;
const COLUMNS_HZ = [1209, 1336, 1477, 1633] as const;
/** The keypad, row by row (ITU-T Q.23). */
const KEYPAD = '123A456B789C*0#D';
/** Full scale is 3.14 dBm0 in µ-law (G.711). */
const FULL_SCALE_DBM0 = 3.14;
const DEFAULT_LEVEL_DBM0 = -6;

/** The two frequencies of a digit (ITU-T Q.23); undefined for what is no digit. */
export function dtmfFrequencies(digit: string): readonly [rowHz: number, columnHz: number] | undefined {
  if (eventOfDigit(digit) < 0) return undefined;
  const key = KEYPAD.indexOf(digit.toUpperCase());
  return [ROWS_HZ[key >> 2] as number, COLUMNS_HZ[key & 3] as number];
}

/** The digit of a row and a column of the keypad. */
export function digitOfKey(row: number, column: number): string {
  return KEYPAD.charAt(row * 4 + column);
}

/** Writes the tone of `digit` to all of `frame`, which begins `offset` samples after the tone did. Silence for no digit. */
export function fillDtmfTone(
  frame: Int16Array,
  digit: string,
  offset: number,
  sampleRate: number,
  levelDbm0 = DEFAULT_LEVEL_DBM0,
): void {
  const frequencies = dtmfFrequencies(digit);
  if (!frequencies) return void frame.fill(0);
  // Both tones carry the level together: each has half of the power.
  const peak = 32767 * 10 ** ((levelDbm0 - FULL_SCALE_DBM0) / 20) * Math.SQRT1_2;
  const row = (2 * Math.PI * frequencies[0]) / sampleRate;
  const column = (2 * Math.PI * frequencies[1]) / sampleRate;
  for (let i = 0; i < frame.length; i++) {
    const t = offset + i;
    frame[i] = Math.round(peak * (Math.sin(row * t) + Math.sin(column * t)));
  }
}

export interface DtmfToneOptions {
  durationMs?: number;
  intervalMs?: number;
  /** Of both tones together: -96 to 0. */
  levelDbm0?: number;
  sampleRate?: number;
}

const DEFAULT_MS = 100;
const DEFAULT_RATE = 8000;
/** A minute of tones and pauses: what asks for more is cut. */
const LONGEST_MS = 60_000;

/** Digits as tones with pauses between them, a pause after the last too; what is no digit is left out (RFC 5707 §9.7.2). */
export function dtmfTones(digits: string, options: DtmfToneOptions = {}): Int16Array {
  const { durationMs = DEFAULT_MS, intervalMs = DEFAULT_MS, sampleRate = DEFAULT_RATE } = options;
  const toSamples = (ms: number) => Math.round((Math.max(0, ms) * sampleRate) / 1000);
  const [tone, period] = [toSamples(durationMs), toSamples(durationMs) + toSamples(intervalMs)];
  const known = [...digits].filter((digit) => dtmfFrequencies(digit));
  const fitting = known.slice(0, Math.floor(toSamples(LONGEST_MS) / Math.max(1, period)));
  const samples = new Int16Array(fitting.length * period);
  for (const [n, digit] of fitting.entries()) {
    fillDtmfTone(samples.subarray(n * period, n * period + tone), digit, 0, sampleRate, options.levelDbm0);
  }
  return samples;
}

export { ROWS_HZ as DTMF_ROWS_HZ, COLUMNS_HZ as DTMF_COLUMNS_HZ };
