/** Rates that the engine mixes and records at, in Hertz. */
export type SampleRate = 8000 | 16_000 | 48_000;

const RATES: Readonly<Record<string, SampleRate>> = {
  '8': 8000,
  '8000': 8000,
  '16': 16_000,
  '16000': 16_000,
  '48': 48_000,
  '48000': 48_000,
};

/** A rate as RFC 5707 writes it, in kHz, or as servers do, in Hz; 8000 when absent, undefined when it is not served. */
export function sampleRate(text: string | undefined): SampleRate | undefined {
  if (text === undefined) return 8000;
  return Object.hasOwn(RATES, text) ? RATES[text] : undefined;
}
