const limit16 = (value: number): number => (value > 32767 ? 32767 : value < -32768 ? -32768 : value);
const sign = (value: number): number => value >> 15;

/** Steps of the logarithmic scale factors (ITU-T G.722, table 12). */
const SCALE_STEPS = Int16Array.of(
  2048,
  2093,
  2139,
  2186,
  2233,
  2282,
  2332,
  2383,
  2435,
  2489,
  2543,
  2599,
  2656,
  2714,
  2774,
  2834,
  2896,
  2960,
  3025,
  3091,
  3158,
  3228,
  3298,
  3371,
  3444,
  3520,
  3597,
  3676,
  3756,
  3838,
  3922,
  4008,
);
const ZEROS = 6;

/**
 * The adaptive part of one sub-band, the same in encoder and decoder: scale factor (blocks 3) and predictor with two poles
 * and six zeros (block 4 of ITU-T G.722 §6.2.1.4).
 */
export class G722Band {
  /** The signal that is predicted for the next sample. */
  prediction = 0;
  /** The scale factor of the quantizer. */
  scale: number;
  private logScale = 0;
  private zeroPart = 0;
  /** The reconstructed signal, and the one before it. */
  private newest = 0;
  private before = 0;
  /** Signs of the partly reconstructed signal: of the last sample and of the one before it. */
  private lastSign = 0;
  private signBefore = 0;
  private pole1 = 0;
  private pole2 = 0;
  private readonly zeros = new Int32Array(ZEROS);
  private readonly differences = new Int32Array(ZEROS + 1);

  /** `exponent` and `highestLog` bound the scale factor: 8 and 18432 for the lower, 10 and 22528 for the higher band. */
  constructor(
    initialScale: number,
    private readonly exponent: number,
    private readonly highestLog: number,
  ) {
    this.scale = initialScale;
  }

  /** Adapts the scale factor by the weight of the code word. */
  rescale(weight: number): void {
    const log = ((this.logScale * 127) >> 7) + weight;
    this.logScale = Math.max(0, Math.min(this.highestLog, log));
    const step = SCALE_STEPS[(this.logScale >> 6) & 31] as number;
    const shift = this.exponent - (this.logScale >> 11);
    this.scale = (shift < 0 ? step << -shift : step >> shift) << 2;
  }

  /** Adapts the predictor by the quantized difference and predicts the next sample. */
  predict(difference: number): void {
    this.adaptPoles(limit16(this.zeroPart + difference));
    this.before = this.newest;
    this.newest = limit16(this.prediction + difference);
    const fromPoles = limit16(
      ((this.pole1 * limit16(this.newest * 2)) >> 15) + ((this.pole2 * limit16(this.before * 2)) >> 15),
    );
    this.zeroPart = this.stepZeros(difference);
    this.prediction = limit16(fromPoles + this.zeroPart);
  }

  private adaptPoles(partial: number): void {
    const newest = sign(partial);
    const isLikeLast = newest === this.lastSign;
    const isLikeBefore = newest === this.signBefore;
    this.signBefore = this.lastSign;
    this.lastSign = newest;
    const quadruple = limit16(this.pole1 * 4);
    const opposed = Math.min(32767, isLikeLast ? -quadruple : quadruple);
    const second = (isLikeBefore ? 128 : -128) + (opposed >> 7) + ((this.pole2 * 32512) >> 15);
    const pole2 = Math.max(-12288, Math.min(12288, second));
    const first = limit16((isLikeLast ? 192 : -192) + ((this.pole1 * 32640) >> 15));
    const bound = limit16(15360 - pole2);
    this.pole1 = Math.max(-bound, Math.min(bound, first));
    this.pole2 = pole2;
  }

  /** Adapts the zeros, moves the differences on and filters them, in one pass; returns the part of the zeros. */
  private stepZeros(difference: number): number {
    const { differences, zeros } = this;
    const step = difference === 0 ? 0 : 128;
    const newest = sign(difference);
    differences[0] = difference;
    let sum = 0;
    for (let i = ZEROS - 1; i >= 0; i--) {
      const isLike = sign(differences[i + 1] as number) === newest;
      const zero = (isLike ? step : -step) + (((zeros[i] as number) * 32640) >> 15);
      const moved = differences[i] as number;
      zeros[i] = zero;
      differences[i + 1] = moved;
      sum += (zero * limit16(moved * 2)) >> 15;
    }
    return limit16(sum);
  }
}

export const lowerBand = (): G722Band => new G722Band(32, 8, 18432);
export const higherBand = (): G722Band => new G722Band(8, 10, 22528);
