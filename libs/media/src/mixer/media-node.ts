import type { Stream } from './stream';

/** Something that puts audio of its own into a node: a playback, a beep. */
export interface AudioSource {
  /** Fills `frame` for this tick; false when it has nothing to be heard now. */
  pull(frame: Int16Array): boolean;
}

/** Something that is told what a node says and hears in each tick: a recording. */
export interface AudioTap {
  /** Both are the full mix when the node is a conference. */
  take(says: Int16Array, hears: Int16Array): void;
  /** Ticks that did not happen. */
  skip(ticks: number): void;
}

/** What can be joined, played into and recorded. */
export interface MediaNode {
  readonly id: string;
  readonly sampleRate: number;
  /** Whether what it says in this tick is a DTMF tone; only known while somebody wants it known. */
  readonly toneHeard: boolean;
  /** How many want it known. */
  tonesWanted: number;
  /** Streams that this node hears. */
  readonly inbound: Stream[];
  /** Streams that hear this node. */
  readonly outbound: Stream[];
  /** Replaced, never changed in place: both may end while they are gone through. */
  sources: readonly AudioSource[];
  taps: readonly AudioTap[];
  /** Sets `frame` and `audible` of a stream that leaves this node, for the present tick. */
  give(stream: Stream): void;
}
