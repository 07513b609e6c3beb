import { FRAMES_PER_SECOND, FRAME_MS } from '../mixer/frame';
import type { AudioSource } from '../mixer/media-node';
import { sineWave } from './sine';

const FREQUENCY_HZ = 1000;
const DURATION_MS = 300;
/** Raised and lowered over this long, so that it does not click. */
const SLOPE_MS = 10;

function beepTone(sampleRate: number): Int16Array {
  const tone = sineWave(FREQUENCY_HZ, DURATION_MS, sampleRate);
  const slope = (SLOPE_MS * sampleRate) / 1000;
  for (let i = 0; i < slope; i++) {
    const gain = i / slope;
    tone[i] = Math.round((tone[i] as number) * gain);
    tone[tone.length - 1 - i] = Math.round((tone[tone.length - 1 - i] as number) * gain);
  }
  return tone;
}

/** A beep of 1000 Hz and 300 ms that tells that a recording begins. */
export class Beep implements AudioSource {
  private tone: Int16Array = new Int16Array(0);
  private sampleRate = 0;
  private atMs = 0;

  /** `onEnd` is called with the tick after its last. */
  constructor(private readonly onEnd: () => void) {}

  pull(frame: Int16Array): boolean {
    if (this.atMs >= DURATION_MS) {
      this.onEnd();
      return false;
    }
    this.tune(frame.length * FRAMES_PER_SECOND);
    const at = (this.atMs * this.sampleRate) / 1000;
    for (let i = 0; i < frame.length; i++) frame[i] = this.tone[at + i] ?? 0;
    this.atMs += FRAME_MS;
    return true;
  }

  private tune(sampleRate: number): void {
    if (sampleRate === this.sampleRate) return;
    this.sampleRate = sampleRate;
    this.tone = beepTone(sampleRate);
  }
}
