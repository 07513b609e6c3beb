import { energyShareAt, readWav } from '@legato/media';

const FULL_SCALE = 32_768;
const NOTHING_DB = -120;
const WINDOW_MS = 100;

/** One channel of audio. */
export interface Channel {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** What the demo promises, each with what was found. */
export class CheckList {
  private readonly lines: string[] = [];
  private failures = 0;

  check(what: string, passed: boolean, found = ''): void {
    if (!passed) this.failures += 1;
    this.lines.push(`  ${passed ? '✔' : '✘'} ${what}${found === '' ? '' : `  (${found})`}`);
  }

  /** At least this share of the energy of `channel` is at a frequency. */
  hears(what: string, channel: Channel | undefined, frequencyHz: number, atLeast: number): void {
    const share = shareAt(channel, frequencyHz);
    this.check(what, share > atLeast, `${percent(share)} of the energy at ${frequencyHz} Hz`);
  }

  print(print: (line: string) => void): void {
    for (const line of this.lines) print(line);
  }

  get passed(): boolean {
    return this.failures === 0;
  }
}

/** The channels of a WAV file; none when it is not one. */
export function channelsOf(bytes: Buffer): Channel[] {
  const wav = readWav(bytes);
  if (!wav.ok) return [];
  const { channels, samples, sampleRate } = wav.value;
  return Array.from({ length: channels }, (_, channel) => ({
    sampleRate,
    samples: samples.filter((_sample, index) => index % channels === channel),
  }));
}

/**
 * Share of a channel's energy at a frequency, 0 to 1. Measured in short windows: a tone that paused, or lost a packet, goes on in
 * another phase, and its parts would cancel each other out.
 */
export function shareAt(channel: Channel | undefined, frequencyHz: number): number {
  if (!channel) return 0;
  const { samples, sampleRate } = channel;
  const window = Math.round((WINDOW_MS * sampleRate) / 1000);
  let [all, found] = [0, 0];
  for (let at = 0; at + window <= samples.length; at += window) {
    const part = samples.subarray(at, at + window);
    const energy = part.reduce((sum, sample) => sum + sample * sample, 0);
    all += energy;
    found += energy * energyShareAt(part, sampleRate, frequencyHz);
  }
  return all === 0 ? 0 : found / all;
}

/** A stretch of a channel; empty when there is none. */
export function during(
  channel: Channel | undefined,
  fromMs: number,
  durationMs: number,
): Channel | undefined {
  if (!channel || durationMs <= 0) return undefined;
  const at = (ms: number): number => Math.round((ms * channel.sampleRate) / 1000);
  return { ...channel, samples: channel.samples.subarray(at(fromMs), at(fromMs + durationMs)) };
}

/** Mean level in dB below full scale; 0 when there is nothing to measure, so that it passes no check of silence. */
export function levelOf(channel: Channel | undefined): number {
  if (!channel || channel.samples.length === 0) return 0;
  let sum = 0;
  for (const sample of channel.samples) sum += (sample / FULL_SCALE) ** 2;
  return Math.max(NOTHING_DB, 10 * Math.log10(sum / channel.samples.length || Number.MIN_VALUE));
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
