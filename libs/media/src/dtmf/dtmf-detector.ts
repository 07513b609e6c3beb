import { FrameConverter } from '../codecs/frame-converter';
import { goertzelCoefficient, goertzelPower } from '../tones/goertzel';
import { DTMF_COLUMNS_HZ, DTMF_ROWS_HZ, digitOfKey } from './dtmf-tones';

const RATE = 8000;
/** Long enough to tell the rows apart; every half of it is looked at anew. */
const WINDOW = 160;
const HOP = 80;
const HOP_MS = (HOP * 1000) / RATE;
/** Root of the mean square of the weakest tone that counts: about -36 dBm0. */
const LEAST_LEVEL = 180;
/** The two tones together hold at least this share of the energy: voices do not. */
const LEAST_SHARE = 0.82;
/** The column may be louder than the row by 4 dB and weaker by 8 dB (ITU-T Q.24), with some room. */
const MOST_TWIST = 4;
const LEAST_TWIST = 0.1;
/** How far the strongest tone of a group stands out from the others. */
const PROMINENCE = 6;
/** Windows in a row that make a digit (30 ms), and without one that end it. */
const WINDOWS_TO_BEGIN = 2;
const WINDOWS_TO_END = 3;

interface Peak {
  index: number;
  power: number;
}

const coefficientsOf = (frequencies: readonly number[]): number[] =>
  frequencies.map((frequency) => goertzelCoefficient(frequency, RATE));

const ROWS = coefficientsOf(DTMF_ROWS_HZ);
const COLUMNS = coefficientsOf(DTMF_COLUMNS_HZ);

/** Hears digits that are pressed as tones (ITU-T Q.23, Q.24), in the frames of one stream at any sample rate. */
export class DtmfDetector {
  /** The last frame held a tone: known one window before the digit is. */
  toneHeard = false;
  private readonly samples = new Int16Array(HOP + WINDOW);
  private readonly converter = new FrameConverter();
  private candidate = '';
  private windows = 0;
  private digit = '';
  private digitMs = 0;
  private missing = 0;

  /** `onDigit` is called when a digit ends, with the duration of its tone. */
  constructor(private readonly onDigit: (digit: string, durationMs: number) => void) {}

  /** Listens to the next frame of 20 ms; pass `audible` false for silence, which costs nothing. */
  hear(frame: Int16Array, audible: boolean): void {
    this.samples.copyWithin(0, WINDOW);
    if (audible) this.samples.set(this.converter.convert(frame, RATE), HOP);
    else this.samples.fill(0, HOP);
    this.toneHeard = false;
    this.judge(this.digitAt(0));
    this.judge(this.digitAt(HOP));
  }

  private judge(found: string): void {
    this.toneHeard ||= found !== '';
    this.windows = found === this.candidate ? this.windows + 1 : 1;
    this.candidate = found;
    if (found !== '' && found === this.digit) this.go();
    else if (this.digit !== '') this.miss();
    if (this.digit === '' && found !== '' && this.windows >= WINDOWS_TO_BEGIN) this.begin(found);
  }

  private begin(digit: string): void {
    this.digit = digit;
    this.digitMs = HOP_MS * (WINDOWS_TO_BEGIN + 1);
    this.missing = 0;
  }

  private go(): void {
    this.digitMs += HOP_MS * (this.missing + 1);
    this.missing = 0;
  }

  private miss(): void {
    this.missing += 1;
    if (this.missing < WINDOWS_TO_END) return;
    const { digit } = this;
    this.digit = '';
    this.onDigit(digit, this.digitMs);
  }

  /** The digit whose tone fills the window at `start`; '' for none. */
  private digitAt(start: number): string {
    let energy = 0;
    for (let i = start; i < start + WINDOW; i++) energy += (this.samples[i] as number) ** 2;
    if (energy < LEAST_LEVEL * LEAST_LEVEL * WINDOW) return '';
    const row = this.peak(start, ROWS);
    const column = this.peak(start, COLUMNS);
    if (!row || !column) return '';
    const share = (2 * (row.power + column.power)) / (WINDOW * energy);
    const twist = column.power / row.power;
    if (share < LEAST_SHARE || twist > MOST_TWIST || twist < LEAST_TWIST) return '';
    return digitOfKey(row.index, column.index);
  }

  /** The strongest tone of a group, when it stands out. */
  private peak(start: number, coefficients: readonly number[]): Peak | undefined {
    let index = -1;
    let power = 0;
    let second = 0;
    for (let i = 0; i < coefficients.length; i++) {
      const here = goertzelPower(this.samples, start, WINDOW, coefficients[i] as number);
      second = Math.max(second, Math.min(here, power));
      if (here <= power) continue;
      power = here;
      index = i;
    }
    return power > second * PROMINENCE ? { index, power } : undefined;
  }
}
