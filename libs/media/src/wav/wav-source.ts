import { Resampler } from '../codecs/resampler';
import type { WavLayout } from './wav-reader';
import { decodeSamples, frameCount } from './wav-reader';

const BLOCK_MS = 20;

/**
 * A WAV file as a stream of one channel at the rate that is asked for; two channels become their mean. Decodes as it is
 * pulled, so that a long file does not hold up the clock.
 */
export class WavSource {
  private readonly frames: number;
  private position = 0;
  private resampler: Resampler | undefined;
  private readonly interleaved: Int16Array;
  private readonly mono: Int16Array;
  private resampled = new Int16Array(0);
  private resampledAt = 0;
  private resampledEnd = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly layout: WavLayout,
    private sampleRate: number,
  ) {
    this.frames = frameCount(layout);
    const block = Math.ceil((layout.sampleRate * BLOCK_MS) / 1000);
    this.interleaved = new Int16Array(block * layout.channels);
    this.mono = layout.channels === 1 ? this.interleaved : new Int16Array(block);
    this.retune(sampleRate);
  }

  get durationMs(): number {
    return (this.frames * 1000) / this.layout.sampleRate;
  }

  /** How far it was heard. */
  get positionMs(): number {
    const unheard = ((this.resampledEnd - this.resampledAt) * 1000) / this.sampleRate;
    return Math.max(0, (this.position * 1000) / this.layout.sampleRate - unheard);
  }

  /** Goes on at another rate, from where it is. */
  retune(sampleRate: number): void {
    this.sampleRate = sampleRate;
    this.resampled = new Int16Array(Math.ceil((sampleRate * BLOCK_MS) / 1000) + 1);
    this.begin();
  }

  /** Goes on from `positionMs` since the beginning. */
  seek(positionMs: number): void {
    this.position = Math.min(
      this.frames,
      Math.max(0, Math.round((positionMs * this.layout.sampleRate) / 1000)),
    );
    this.begin();
  }

  private begin(): void {
    this.resampledAt = this.resampledEnd = 0;
    this.resampler =
      this.layout.sampleRate === this.sampleRate
        ? undefined
        : new Resampler(this.layout.sampleRate, this.sampleRate);
  }

  /** Writes to `frame[at..]` and returns the count of samples: less than there is room for at the end of the file. */
  pull(frame: Int16Array, at: number): number {
    const start = at;
    while (at < frame.length) {
      if (this.resampledAt === this.resampledEnd && !this.nextBlock()) break;
      const count = Math.min(frame.length - at, this.resampledEnd - this.resampledAt);
      for (let i = 0; i < count; i++) frame[at + i] = this.resampled[this.resampledAt + i] as number;
      this.resampledAt += count;
      at += count;
    }
    return at - start;
  }

  private nextBlock(): boolean {
    this.resampledAt = this.resampledEnd = 0;
    while (this.resampledEnd === 0 && this.position < this.frames) {
      const count = this.decodeMono();
      if (this.resampler) this.resampledEnd = this.resampler.process(this.mono, count, this.resampled);
      else this.resampledEnd = this.copyMono(count);
    }
    return this.resampledEnd > 0;
  }

  private copyMono(count: number): number {
    for (let i = 0; i < count; i++) this.resampled[i] = this.mono[i] as number;
    return count;
  }

  private decodeMono(): number {
    const { channels } = this.layout;
    const count = Math.min(this.mono.length, this.frames - this.position);
    const wanted =
      count === this.mono.length ? this.interleaved : this.interleaved.subarray(0, count * channels);
    decodeSamples(this.bytes, this.layout, this.position * channels, wanted);
    this.position += count;
    if (channels === 2) {
      for (let i = 0; i < count; i++) {
        this.mono[i] = ((this.interleaved[i * 2] as number) + (this.interleaved[i * 2 + 1] as number)) >> 1;
      }
    }
    return count;
  }
}
