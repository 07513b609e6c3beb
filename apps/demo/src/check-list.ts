import { readFileSync } from 'node:fs';
import { energyShareAt, readWav } from '@legato/media';

/** What the demo promises, each with what was found. */
export class CheckList {
  private failures = 0;

  constructor(private readonly print: (line: string) => void) {}

  check(what: string, passed: boolean, found = ''): void {
    if (!passed) this.failures += 1;
    this.print(`  ${passed ? '✔' : '✘'} ${what}${found === '' ? '' : `  (${found})`}`);
  }

  get passed(): boolean {
    return this.failures === 0;
  }
}

/** One channel of a WAV file. */
export interface Channel {
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** The channels of a WAV file; none when it is not one. */
export function channelsOf(file: string): Channel[] {
  const wav = readWav(readFileSync(file));
  if (!wav.ok) return [];
  const { channels, samples, sampleRate } = wav.value;
  return Array.from({ length: channels }, (_, channel) => ({
    sampleRate,
    samples: samples.filter((_sample, index) => index % channels === channel),
  }));
}

/** Share of a channel's energy at a frequency, 0 to 1. */
export const shareAt = (channel: Channel | undefined, frequencyHz: number): number =>
  channel ? energyShareAt(channel.samples, channel.sampleRate, frequencyHz) : 0;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
