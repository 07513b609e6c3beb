import { meanSquare, toDbm0 } from '../mixer/level';

/** Bins of a frame of 20 ms are 50 Hz apart; telephones carry nothing above 4 kHz. */
const BINS = 80;
/** A sine in a Hann window lies in its bin and in two on either side. */
const PEAK_BINS = 2;
/** One or two sines together have at least this share of the energy; voices do not. */
const LEAST_SHARE = 0.995;
const LEAST_DBM0 = -45;
/** So many frames in a row with the same sines make a tone: voices glide. */
const FRAMES_TO_BEGIN = 4;
/** The second sine counts when it has this share. */
const SECOND_SHARE = 0.02;
/** Where the two tones of a key lie (ITU-T Q.23), in bins. */
const ROWS = [13, 20] as const;
const COLUMNS = [23, 34] as const;

const within = (bin: number, [first, last]: readonly [number, number]): boolean =>
  bin >= first && bin <= last;

/** Hears tones other than those of keys: dial tones, busy tones, beeps (RFC 5707 §8.12.1.2). */
export class ToneDetector {
  private readonly power = new Float64Array(BINS);
  private cosines = new Float64Array(0);
  private sines = new Float64Array(0);
  private window = new Float64Array(0);
  private lastPeaks: readonly number[] = [];
  private frames = 0;

  /** Judges the next frame of 20 ms: true while there is a tone, from its fourth frame on. */
  hear(frame: Int16Array): boolean {
    const peaks = toDbm0(meanSquare(frame)) < LEAST_DBM0 ? [] : this.peaksOf(frame);
    const isSame =
      peaks.length === this.lastPeaks.length &&
      peaks.every((peak, at) => Math.abs(peak - (this.lastPeaks[at] ?? 0)) <= 1);
    this.frames = isSame ? this.frames + 1 : 1;
    this.lastPeaks = peaks;
    return peaks.length > 0 && this.frames >= FRAMES_TO_BEGIN;
  }

  /** The bins of one or two sines, in order, when there is nothing else; none otherwise, and for the tones of a key. */
  private peaksOf(frame: Int16Array): number[] {
    this.transform(frame);
    const total = this.power.reduce((sum, each) => sum + each, 0);
    const first = this.strongest(-1);
    const second = this.strongest(first);
    const share = this.energyAround([first, second]) / total;
    if (share < LEAST_SHARE) return [];
    if (this.energyAround([second]) < SECOND_SHARE * total) return [first];
    const [low, high] = [Math.min(first, second), Math.max(first, second)];
    return within(low, ROWS) && within(high, COLUMNS) ? [] : [low, high];
  }

  private strongest(without: number): number {
    let best = 0;
    for (let bin = 1; bin < BINS; bin++) {
      const excluded = without >= 0 && Math.abs(bin - without) <= 1;
      if (!excluded && (this.power[bin] as number) > (this.power[best] as number)) best = bin;
    }
    return best;
  }

  private energyAround(peaks: readonly number[]): number {
    return this.power.reduce(
      (sum, power, bin) => (peaks.some((peak) => Math.abs(bin - peak) <= PEAK_BINS) ? sum + power : sum),
      0,
    );
  }

  private transform(frame: Int16Array): void {
    const length = frame.length;
    if (this.window.length !== length) this.prepare(length);
    for (let bin = 1; bin < BINS; bin++) {
      let [re, im] = [0, 0];
      for (let at = 0; at < length; at++) {
        const sample = (frame[at] as number) * (this.window[at] as number);
        const turn = (bin * at) % length;
        re += sample * (this.cosines[turn] as number);
        im += sample * (this.sines[turn] as number);
      }
      this.power[bin] = re * re + im * im;
    }
  }

  private prepare(length: number): void {
    const turns = Float64Array.from({ length }, (_, at) => (2 * Math.PI * at) / length);
    this.cosines = turns.map(Math.cos);
    this.sines = turns.map(Math.sin);
    this.window = turns.map((turn) => Math.sin(turn / 2) ** 2);
  }
}
