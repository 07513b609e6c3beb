import { addFrame, saturate } from './frame';
import type { StreamShape } from './stream-shape';
import { StreamShaper } from './stream-shape';

/** Something that audio passes on its way (RFC 5707 §9.9). */
export interface Transformer {
  /** What comes out for the next frame, valid until the next call; undefined is silence. `toneHeard`: its source sends a DTMF tone now. */
  process(frame: Int16Array, toneHeard: boolean): Int16Array | undefined;
  /** Whether it needs to know of DTMF tones. */
  readonly heedsTones: boolean;
}

/** One transformer; what it does can be changed while audio passes. Without a shape it copies. */
export class AudioTransformer implements Transformer {
  private shaper: StreamShaper;

  constructor(shape: StreamShape = {}) {
    this.shaper = new StreamShaper(shape);
  }

  get shape(): StreamShape {
    return this.shaper.shape;
  }

  set shape(shape: StreamShape) {
    this.shaper = new StreamShaper(shape);
  }

  get heedsTones(): boolean {
    return this.shape.clampDtmf === true;
  }

  process(frame: Int16Array, toneHeard: boolean): Int16Array | undefined {
    return this.shaper.silences(toneHeard) ? undefined : this.shaper.apply(frame);
  }
}

/** One after the other; none at all copies. */
export function inSerial(parts: readonly Transformer[]): Transformer {
  return {
    heedsTones: parts.some(({ heedsTones }) => heedsTones),
    process(frame, toneHeard) {
      let passing: Int16Array | undefined = frame;
      for (const part of parts) passing &&= part.process(passing, toneHeard);
      return passing;
    },
  };
}

/** Each gets the same, and what comes out of them is added up; none at all is silence. */
export function inParallel(parts: readonly Transformer[]): Transformer {
  let sum = new Int32Array(0);
  let mixed = new Int16Array(0);
  return {
    heedsTones: parts.some(({ heedsTones }) => heedsTones),
    process(frame, toneHeard) {
      if (parts.length < 2) return parts[0]?.process(frame, toneHeard);
      if (sum.length !== frame.length) {
        sum = new Int32Array(frame.length);
        mixed = new Int16Array(frame.length);
      }
      sum.fill(0);
      for (const part of parts) {
        const out = part.process(frame, toneHeard);
        if (out) addFrame(sum, out);
      }
      saturate(sum, mixed);
      return mixed;
    },
  };
}
