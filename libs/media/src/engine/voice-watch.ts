import { FRAME_MS } from '../mixer/frame';
import { meanSquare } from '../mixer/level';
import type { AudioTap } from '../mixer/media-node';
import { SPEECH_LEVEL } from './speech-detector';

/** So many loud frames in a row make voice, and so many quiet ones silence: a click is no voice, a plosive no silence. */
const FRAMES_TO_BEGIN = 2;
const FRAMES_TO_END = 5;

/** Told in each tick whether there is voice, and for how many milliseconds that has been so. */
export type VoiceListener = (voiced: boolean, lastedMs: number) => void;

/** Watches what a node says for voice and silence (RFC 5707 §9.9.1). */
export class VoiceWatch implements AudioTap {
  private voiced: boolean | undefined;
  private lastedMs = 0;
  /** Frames in a row that speak for the other condition. */
  private contrary = 0;

  constructor(private readonly listener: VoiceListener) {}

  take(says: Int16Array): void {
    const loud = meanSquare(says) >= SPEECH_LEVEL * SPEECH_LEVEL;
    this.lastedMs += FRAME_MS;
    this.voiced ??= loud;
    this.contrary = loud === this.voiced ? 0 : this.contrary + 1;
    if (this.contrary >= (this.voiced ? FRAMES_TO_END : FRAMES_TO_BEGIN)) {
      this.voiced = loud;
      this.lastedMs = this.contrary * FRAME_MS;
      this.contrary = 0;
    }
    this.listener(this.voiced, this.lastedMs);
  }

  skip(): void {}
}
