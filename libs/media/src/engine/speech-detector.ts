import { meanSquare } from '../mixer/level';

/** Root of the mean square above which a frame may be speech: about -40 dB of full scale. */
export const SPEECH_LEVEL = 330;
/** So many loud frames in a row make speech: a click is none. */
const FRAMES_TO_BEGIN = 2;

/** Tells speech from silence by the energy of the frames of one stream. */
export class SpeechDetector {
  /** Somebody has spoken since the beginning. */
  spoken = false;
  /** Frames since speech was last heard, or since the beginning. */
  quietFrames = 0;
  private loudFrames = 0;

  /** Judges the next frame. */
  hear(frame: Int16Array): void {
    this.loudFrames = meanSquare(frame) >= SPEECH_LEVEL * SPEECH_LEVEL ? this.loudFrames + 1 : 0;
    this.quietFrames += 1;
    if (this.loudFrames < FRAMES_TO_BEGIN) return;
    this.spoken = true;
    this.quietFrames = 0;
  }
}
