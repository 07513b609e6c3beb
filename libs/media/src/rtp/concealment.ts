/** Fills what is missing in a stream of samples. */
export interface Concealment {
  /** Takes samples that were received; may blend the first of them with what was made up before. */
  hear(samples: Int16Array, start: number, end: number): void;
  /** Makes up `samples[start..end)`; false when that is silence. */
  conceal(samples: Int16Array, start: number, end: number): boolean;
}

export const silentConcealment: Concealment = {
  hear() {},
  conceal(samples, start, end) {
    samples.fill(0, start, end);
    return false;
  },
};

/** What is looked at: two periods of the lowest voice. */
const HISTORY_MS = 30;
/** What is remembered: whole frames, so that each is written at once. */
const REMEMBERED_MS = 40;
/** Periods of voices lie between these: 400 Hz to 67 Hz. */
const SHORTEST_PERIOD_MS = 2.5;
const LONGEST_PERIOD_MS = 15;
/** Full level for so long, then falling to nothing. */
const STEADY_MS = 10;
const LONGEST_MS = 60;
/** What was made up fades into what was received over this time. */
const BLEND_MS = 4;

/** Repeats the last period of the voice and fades it out: the idea of ITU-T G.711 Appendix I. */
export class PitchConcealment implements Concealment {
  /** Written round and round; `newest` is where the next sample goes. */
  private readonly remembered: Int16Array;
  private newest = 0;
  /** What was heard last, in order; only made when something is missing. */
  private history = new Int16Array(0);
  private readonly perMs: number;
  /** Samples that were made up since the last that was received. */
  private made = 0;
  private period = 0;

  constructor(sampleRate: number) {
    this.perMs = sampleRate / 1000;
    this.remembered = new Int16Array(REMEMBERED_MS * this.perMs);
  }

  hear(samples: Int16Array, start: number, end: number): void {
    if (this.made > 0 && this.period > 0) this.blend(samples, start, end);
    this.made = 0;
    this.remember(samples, start, end);
  }

  conceal(samples: Int16Array, start: number, end: number): boolean {
    if (this.made >= LONGEST_MS * this.perMs) {
      samples.fill(0, start, end);
      return false;
    }
    if (this.made === 0) {
      this.recall();
      this.period = this.findPeriod();
    }
    for (let i = start; i < end; i++) samples[i] = this.nextMade();
    return this.period > 0;
  }

  private remember(samples: Int16Array, start: number, end: number): void {
    const { remembered } = this;
    const count = end - start;
    if (count === samples.length && this.newest + count <= remembered.length) {
      remembered.set(samples, this.newest);
    } else {
      for (let i = 0; i < count; i++) {
        remembered[(this.newest + i) % remembered.length] = samples[start + i] as number;
      }
    }
    this.newest = (this.newest + count) % remembered.length;
  }

  private recall(): void {
    const { remembered, newest } = this;
    const count = HISTORY_MS * this.perMs;
    if (this.history.length !== count) this.history = new Int16Array(count);
    const first = newest + remembered.length - count;
    for (let i = 0; i < count; i++) this.history[i] = remembered[(first + i) % remembered.length] as number;
  }

  private nextMade(): number {
    const { history, made, period } = this;
    this.made += 1;
    if (period === 0) return 0;
    const sample = history[history.length - period + (made % period)] as number;
    const fade = (made / this.perMs - STEADY_MS) / (LONGEST_MS - STEADY_MS);
    return Math.round(sample * (1 - Math.max(0, Math.min(1, fade))));
  }

  private blend(samples: Int16Array, start: number, end: number): void {
    const count = Math.min(end - start, BLEND_MS * this.perMs);
    for (let i = 0; i < count; i++) {
      const share = i / count;
      samples[start + i] = Math.round((samples[start + i] as number) * share + this.nextMade() * (1 - share));
    }
  }

  /** The lag at which the end of the history is most like what was before it; 0 for silence. */
  private findPeriod(): number {
    const shortest = Math.round(SHORTEST_PERIOD_MS * this.perMs);
    const longest = Math.round(LONGEST_PERIOD_MS * this.perMs);
    // Coarse at high rates: the period is needed to an eighth of a millisecond.
    const stride = Math.max(1, Math.floor(this.perMs / 8));
    let best = 0;
    let bestLikeness = 0;
    for (let lag = shortest; lag <= longest; lag += stride) {
      const likeness = this.likeness(lag, longest, stride);
      if (likeness <= bestLikeness) continue;
      bestLikeness = likeness;
      best = lag;
    }
    return best === 0 && this.history.some((sample) => sample !== 0) ? longest : best;
  }

  /** Correlation of the last `window` samples with those `lag` before them, over the energy of the latter. */
  private likeness(lag: number, window: number, stride: number): number {
    const { history } = this;
    let product = 0;
    let energy = 1;
    for (let i = history.length - window; i < history.length; i += stride) {
      const before = history[i - lag] as number;
      product += (history[i] as number) * before;
      energy += before * before;
    }
    return product <= 0 ? 0 : (product * product) / energy;
  }
}
