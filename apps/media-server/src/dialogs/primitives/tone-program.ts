import type { MomlToneGen, Tone } from '@legato/msml';
import { durationMs, iterations } from '../duration';

export const TONE_RATE_HZ = 8000;
/** A sine of full scale is +3.14 dBm0 (ITU-T G.711). */
const FULL_SCALE_DBM0 = 3.14;
const FULL_SCALE = 32_767;
/** Of one round; longer programs are refused. */
const MAX_ROUND_MS = 60_000;
/** Frequencies are whole Hertz, so that a second of them can be repeated without a step. */
const ENDLESS_MS = 1000;

interface Segment {
  readonly durationMs: number;
  readonly tones: readonly { readonly frequencyHz: number; readonly amplitude: number }[];
}

/** What a tonegen plays: `intro` once, then `loop` so often (-1 is for ever). */
export interface ToneProgram {
  readonly intro: readonly Segment[];
  readonly loop: readonly Segment[];
  readonly iterate: number;
}

const amplitudeOf = (dbm0: string): number => FULL_SCALE * 10 ** ((Number(dbm0) - FULL_SCALE_DBM0) / 20);

function segmentsOf(tone: Tone): Segment[] {
  const waves = [tone.tone1, tone.tone2].filter((wave) => wave !== undefined);
  const tones = waves.map(({ freq, atten }) => ({
    frequencyHz: Number(freq),
    amplitude: amplitudeOf(atten),
  }));
  const pauses = (tone.silence ?? []).map(({ duration }) => ({
    durationMs: durationMs(duration),
    tones: [],
  }));
  return [{ durationMs: durationMs(tone.duration), tones }, ...pauses];
}

/** Lengths of `segments` together. */
export const lengthMs = (segments: readonly Segment[]): number =>
  segments.reduce((sum, segment) => sum + segment.durationMs, 0);

/** The program of a tonegen (RFC 5707 §9.7.3); undefined when one round of it is longer than a minute. */
export function toneProgram({ content, iterate }: MomlToneGen): ToneProgram | undefined {
  const round: Segment[] = [];
  for (const item of content) {
    if (item.element === 'silence') {
      round.push({ durationMs: durationMs(item.duration), tones: [] });
      continue;
    }
    const segments = segmentsOf(item);
    const endless = segments[0]?.durationMs === 0;
    const times = iterations(item.iterate);
    if (endless || times === -1) {
      const loop = endless ? [{ durationMs: ENDLESS_MS, tones: segments[0]?.tones ?? [] }] : segments;
      return bounded({ intro: round, loop, iterate: -1 });
    }
    if (lengthMs(round) + times * lengthMs(segments) > MAX_ROUND_MS) return undefined;
    for (let time = 0; time < times; time++) round.push(...segments);
  }
  return bounded({ intro: [], loop: round, iterate: iterations(iterate) });
}

const bounded = (program: ToneProgram): ToneProgram | undefined =>
  lengthMs(program.intro) + lengthMs(program.loop) > MAX_ROUND_MS ? undefined : program;

/** The samples of `segments`, 16 bits at 8 kHz. */
export function renderTones(segments: readonly Segment[]): Int16Array {
  const samples = new Int16Array(Math.round((lengthMs(segments) * TONE_RATE_HZ) / 1000));
  let start = 0;
  for (const { durationMs: length, tones } of segments) {
    const end = Math.min(samples.length, start + Math.round((length * TONE_RATE_HZ) / 1000));
    for (let at = start; at < end; at++) samples[at] = sampleAt(tones, (at - start) / TONE_RATE_HZ);
    start = end;
  }
  return samples;
}

function sampleAt(tones: Segment['tones'], seconds: number): number {
  let sum = 0;
  for (const { frequencyHz, amplitude } of tones)
    sum += amplitude * Math.sin(2 * Math.PI * frequencyHz * seconds);
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE, Math.round(sum)));
}
