import { ToneDetector } from '../tones/tone-detector';
import { meanSquare, toDbm0 } from './level';

/** What is done to the audio of one stream (RFC 5707 §8.12.1). */
export interface StreamShape {
  /** dB, -96 to 96, or nothing of it at all; 0 when absent. Not together with `agc`. */
  gain?: number | 'mute';
  /** Holds speech at a level in dBm0 (-40 to 0) with at most this gain in dB (0 to 40). */
  agc?: { targetDbm0: number; maxGainDb: number };
  /** Takes DTMF tones out. */
  clampDtmf?: boolean;
  /** Takes all other tones out. */
  clampTones?: boolean;
  /** Always mixed, though n others be louder (RFC 5707 §8.12.1). */
  preferred?: boolean;
}

/** Below this there is no speech to be measured. */
const LEAST_SPEECH_DBM0 = -45;
/** How fast the measured level follows louder and quieter speech, in dB a frame. */
const RISE_DB = 3;
const FALL_DB = 0.3;
const MOST_GAIN_DB = 96;

const toFactor = (db: number): number => 10 ** (Math.max(-MOST_GAIN_DB, Math.min(MOST_GAIN_DB, db)) / 20);

/** Applies a {@link StreamShape}, frame by frame; gains change over a frame, so that they do not click. */
export class StreamShaper {
  private factor: number;
  private speechDbm0: number | undefined;
  private tones: ToneDetector | undefined;
  private output: Int16Array = new Int16Array(0);

  constructor(readonly shape: StreamShape) {
    this.factor = typeof shape.gain === 'number' ? toFactor(shape.gain) : 1;
  }

  /** Whether the stream is to be treated as silence; `toneHeard`: its source sends a DTMF tone now. */
  silences(toneHeard: boolean): boolean {
    return this.shape.gain === 'mute' || (this.shape.clampDtmf === true && toneHeard);
  }

  /** Whether this frame is a tone that is to be taken out; to be asked once a frame. */
  dropsTone(frame: Int16Array): boolean {
    if (!this.shape.clampTones) return false;
    this.tones ??= new ToneDetector();
    return this.tones.hear(frame);
  }

  /** The frame with the gain of this moment; a buffer that is valid until the next call, or the frame itself. */
  apply(frame: Int16Array): Int16Array {
    const before = this.factor;
    if (this.shape.agc) this.factor = this.control(this.shape.agc, frame);
    if (before === 1 && this.factor === 1) return frame;
    return this.amplify(frame, before, this.factor);
  }

  private control(agc: NonNullable<StreamShape['agc']>, frame: Int16Array): number {
    const level = toDbm0(meanSquare(frame));
    if (level < LEAST_SPEECH_DBM0) return this.factor;
    const known = this.speechDbm0 ?? level;
    this.speechDbm0 = known + Math.max(-FALL_DB, Math.min(RISE_DB, level - known));
    return toFactor(Math.min(agc.maxGainDb, agc.targetDbm0 - this.speechDbm0));
  }

  private amplify(frame: Int16Array, from: number, to: number): Int16Array {
    if (this.output.length !== frame.length) this.output = new Int16Array(frame.length);
    const step = (to - from) / frame.length;
    let factor = from;
    for (let i = 0; i < frame.length; i++) {
      factor += step;
      const sample = Math.round((frame[i] as number) * factor);
      this.output[i] = sample > 32767 ? 32767 : sample < -32768 ? -32768 : sample;
    }
    return this.output;
  }
}
