/** Zero crossings of the low-pass on each side: how steep it is. */
const HALF_CROSSINGS = 10;
/** The part of the band that is kept: the rest is the slope of the filter. */
const PASS_BAND = 0.92;
const LARGEST_KEPT_FILTER = 65536;

interface Filter {
  /** Sets of coefficients, one for each fraction of an input sample that an output sample can lie at. */
  phases: number;
  taps: number;
  /** Input samples, in units of 1/phases, from one output sample to the next. */
  step: number;
  coefficients: Float32Array;
}

const kept = new Map<string, Filter>();

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/** Blackman's window over -1..1. */
const windowAt = (x: number): number =>
  Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function designFilter(inRate: number, outRate: number): Filter {
  const divisor = greatestCommonDivisor(inRate, outRate);
  const phases = outRate / divisor;
  const cutoff = PASS_BAND * Math.min(1, outRate / inRate);
  const half = Math.ceil(HALF_CROSSINGS / Math.min(1, outRate / inRate));
  const taps = half * 2;
  const coefficients = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - (half - 1) - phase / phases;
      const value = cutoff * sinc(cutoff * distance) * windowAt(distance / half);
      coefficients[phase * taps + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) (coefficients[phase * taps + tap] as number) /= sum;
  }
  return { phases, taps, step: inRate / divisor, coefficients };
}

function filterFor(inRate: number, outRate: number): Filter {
  const key = `${inRate}>${outRate}`;
  const known = kept.get(key);
  if (known) return known;
  const filter = designFilter(inRate, outRate);
  if (filter.coefficients.length <= LARGEST_KEPT_FILTER) kept.set(key, filter);
  return filter;
}

const clip = (value: number): number => (value > 32767 ? 32767 : value < -32768 ? -32768 : Math.round(value));

/** Changes the sample rate of a stream, band-limited to the lower rate's half; delays by {@link Resampler.delay} input samples. */
export class Resampler {
  private readonly filter: Filter;
  private buffer: Float32Array;
  private length: number;
  /** Of the next output sample: index of its first tap in `buffer`, and fraction in 1/phases. */
  private at = 0;
  private fraction = 0;

  constructor(inRate: number, outRate: number) {
    this.filter = filterFor(inRate, outRate);
    this.length = this.filter.taps - 1;
    this.buffer = new Float32Array(this.length + inRate / 25);
  }

  /** Input samples by which the output lags behind. */
  get delay(): number {
    return this.filter.taps / 2;
  }

  /** Takes the first `count` samples of `input` and writes all output that they complete; returns its count. */
  process(input: Int16Array, count: number, output: Int16Array): number {
    this.append(input, count);
    const { taps, phases, step, coefficients } = this.filter;
    const buffer = this.buffer;
    let produced = 0;
    while (this.at + taps <= this.length && produced < output.length) {
      const base = this.fraction * taps;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) {
        sum += (buffer[this.at + tap] as number) * (coefficients[base + tap] as number);
      }
      output[produced++] = clip(sum);
      this.fraction += step;
      const whole = Math.floor(this.fraction / phases);
      this.at += whole;
      this.fraction -= whole * phases;
    }
    return produced;
  }

  private append(input: Int16Array, count: number): void {
    const used = Math.min(this.at, this.length);
    this.buffer.copyWithin(0, used, this.length);
    this.length -= used;
    this.at -= used;
    if (this.length + count > this.buffer.length) {
      const larger = new Float32Array((this.length + count) * 2);
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    for (let i = 0; i < count; i++) this.buffer[this.length + i] = input[i] as number;
    this.length += count;
  }
}
