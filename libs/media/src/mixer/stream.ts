import { frameSamples } from './frame';
import type { MediaNode } from './media-node';

/** One direction of a join (RFC 5707 §8.12). */
export class Stream {
  /** What it carries in this tick; only read between two calls of `carry`. */
  frame: Int16Array;
  /** False: `frame` is silence, and nobody has to add it. */
  audible = false;
  /** The other direction of the same join, when there is one. */
  reverse: Stream | undefined;
  /** Room for a source that has to compute what it gives. */
  readonly buffer: Int16Array;

  constructor(
    readonly from: MediaNode,
    readonly to: MediaNode,
  ) {
    this.buffer = new Int16Array(frameSamples(from.sampleRate));
    this.frame = this.buffer;
  }

  /** Fetches what the source has in this tick. */
  carry(): void {
    this.from.give(this);
  }
}
