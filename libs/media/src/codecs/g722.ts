import type { AudioCodec, AudioDecoder, AudioEncoder } from './codec';
import { higherBand, lowerBand } from './g722-band';

/** Of the quadrature mirror filters (ITU-T G.722, table 11). */
const FILTER = Int16Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);
const TAPS = FILTER.length;

/** Decision levels of the 6-bit quantizer of the lower band. */
const LEVELS = Int16Array.of(
  0,
  35,
  72,
  110,
  150,
  190,
  233,
  276,
  323,
  370,
  422,
  473,
  530,
  587,
  650,
  714,
  786,
  858,
  940,
  1023,
  1121,
  1219,
  1339,
  1458,
  1612,
  1765,
  1980,
  2195,
  2557,
  2919,
);
/** Values of the 6-bit codes. */
const VALUES_6 = Int16Array.of(
  -136,
  -136,
  -136,
  -136,
  -24808,
  -21904,
  -19008,
  -16704,
  -14984,
  -13512,
  -12280,
  -11192,
  -10232,
  -9360,
  -8576,
  -7856,
  -7192,
  -6576,
  -6000,
  -5456,
  -4944,
  -4464,
  -4008,
  -3576,
  -3168,
  -2776,
  -2400,
  -2032,
  -1688,
  -1360,
  -1040,
  -728,
  24808,
  21904,
  19008,
  16704,
  14984,
  13512,
  12280,
  11192,
  10232,
  9360,
  8576,
  7856,
  7192,
  6576,
  6000,
  5456,
  4944,
  4464,
  4008,
  3576,
  3168,
  2776,
  2400,
  2032,
  1688,
  1360,
  1040,
  728,
  432,
  136,
  -432,
  -136,
);
/** Values of their upper four bits, which the predictor works with. */
const VALUES_4 = Int16Array.of(
  0,
  -20456,
  -12896,
  -8968,
  -6288,
  -4240,
  -2584,
  -1200,
  20456,
  12896,
  8968,
  6288,
  4240,
  2584,
  1200,
  0,
);
const WEIGHTS_4 = Int16Array.of(
  -60,
  3042,
  1198,
  538,
  334,
  172,
  58,
  -30,
  3042,
  1198,
  538,
  334,
  172,
  58,
  -30,
  -60,
);
const VALUES_2 = Int16Array.of(-7408, -1616, 7408, 1616);
const WEIGHTS_2 = Int16Array.of(798, -214, 798, -214);

const limit = (value: number, lowest: number, highest: number): number =>
  value > highest ? highest : value < lowest ? lowest : value;
const limit16 = (value: number): number => limit(value, -32768, 32767);

const LINE = 1024;

/** The last 24 samples of a quadrature mirror filter, in a line that is moved back when its end is reached. */
class MirrorFilter {
  private readonly line = new Int32Array(LINE);
  private end = TAPS * 2 - 2;
  even = 0;
  odd = 0;

  /** Takes two samples and leaves the two sums in `even` and `odd`. */
  step(first: number, second: number): void {
    const { line } = this;
    if (this.end + 2 > LINE) {
      line.copyWithin(0, this.end - TAPS * 2 + 2, this.end);
      this.end = TAPS * 2 - 2;
    }
    line[this.end] = first;
    line[this.end + 1] = second;
    this.end += 2;
    let odd = 0;
    let even = 0;
    for (let i = 0, at = this.end - TAPS * 2; i < TAPS; i++, at += 2) {
      odd += (line[at] as number) * (FILTER[i] as number);
      even += (line[at + 1] as number) * (FILTER[TAPS - 1 - i] as number);
    }
    this.odd = odd;
    this.even = even;
  }
}

class G722Encoder implements AudioEncoder {
  private readonly filter = new MirrorFilter();
  private readonly lower = lowerBand();
  private readonly higher = higherBand();

  encode(samples: Int16Array, count: number, payload: Uint8Array, at: number): number {
    for (let i = 0; i + 1 < count; i += 2) {
      this.filter.step(samples[i] as number, samples[i + 1] as number);
      const low = this.encodeLower((this.filter.even + this.filter.odd) >> 14);
      const high = this.encodeHigher((this.filter.even - this.filter.odd) >> 14);
      payload[at + (i >> 1)] = (high << 6) | low;
    }
    return count >> 1;
  }

  private encodeLower(sample: number): number {
    const band = this.lower;
    const error = limit16(sample - band.prediction);
    const magnitude = error >= 0 ? error : ~error;
    let level = 1;
    while (level < LEVELS.length && magnitude >= ((LEVELS[level] as number) * band.scale) >> 12) level += 1;
    const code = error < 0 ? (level === 1 ? 63 : level === 2 ? 62 : 34 - level) : 62 - level;
    const difference = (band.scale * (VALUES_4[code >> 2] as number)) >> 15;
    band.rescale(WEIGHTS_4[code >> 2] as number);
    band.predict(difference);
    return code;
  }

  private encodeHigher(sample: number): number {
    const band = this.higher;
    const error = limit16(sample - band.prediction);
    const magnitude = error >= 0 ? error : ~error;
    const isLarge = magnitude >= (564 * band.scale) >> 12;
    const code = (error < 0 ? 0 : 2) + (isLarge ? 0 : 1);
    const difference = (band.scale * (VALUES_2[code] as number)) >> 15;
    band.rescale(WEIGHTS_2[code] as number);
    band.predict(difference);
    return code;
  }
}

class G722Decoder implements AudioDecoder {
  private readonly filter = new MirrorFilter();
  private readonly lower = lowerBand();
  private readonly higher = higherBand();

  decode(payload: Uint8Array, start: number, end: number, samples: Int16Array, at: number): number {
    const bytes = Math.min(end - start, (samples.length - at) >> 1);
    for (let i = 0; i < bytes; i++) {
      const byte = payload[start + i] as number;
      const low = this.decodeLower(byte & 0x3f);
      const high = this.decodeHigher(byte >> 6);
      this.filter.step(low + high, low - high);
      samples[at + 2 * i] = limit16(this.filter.even >> 11);
      samples[at + 2 * i + 1] = limit16(this.filter.odd >> 11);
    }
    return bytes * 2;
  }

  private decodeLower(code: number): number {
    const band = this.lower;
    const value = limit(band.prediction + ((band.scale * (VALUES_6[code] as number)) >> 15), -16384, 16383);
    const difference = (band.scale * (VALUES_4[code >> 2] as number)) >> 15;
    band.rescale(WEIGHTS_4[code >> 2] as number);
    band.predict(difference);
    return value;
  }

  private decodeHigher(code: number): number {
    const band = this.higher;
    const difference = (band.scale * (VALUES_2[code] as number)) >> 15;
    const value = limit(band.prediction + difference, -16384, 16383);
    band.rescale(WEIGHTS_2[code] as number);
    band.predict(difference);
    return value;
  }
}

/** 64 kbit/s, 16 kHz of audio on a clock of 8 kHz (RFC 3551 §4.5.2). */
export const G722: AudioCodec = {
  name: 'G722',
  sampleRate: 16000,
  clockRate: 8000,
  samplesPerByte: 2,
  createDecoder: () => new G722Decoder(),
  createEncoder: () => new G722Encoder(),
};
