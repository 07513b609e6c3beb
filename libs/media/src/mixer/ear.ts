import type { MediaNode } from './media-node';
import type { Stream } from './stream';

/** What a connection hears, as something that others can listen to (RFC 5707 §8.11): they hear it one tick later. */
export class Ear implements MediaNode {
  readonly inbound: Stream[] = [];
  readonly outbound: Stream[] = [];
  readonly sources = [];
  readonly taps = [];
  readonly toneHeard = false;
  tonesWanted = 0;
  private frame = new Int16Array(0);

  constructor(private readonly owner: MediaNode) {}

  get id(): string {
    return this.owner.id;
  }

  get sampleRate(): number {
    return this.owner.sampleRate;
  }

  /** What the connection hears in this tick. */
  hear(frame: Int16Array): void {
    if (this.outbound.length === 0) return;
    if (this.frame.length !== frame.length) this.frame = new Int16Array(frame.length);
    this.frame.set(frame);
  }

  give(stream: Stream): void {
    stream.audible = this.frame.length === stream.buffer.length;
    stream.frame = this.frame;
  }
}
