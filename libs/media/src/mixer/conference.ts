import { FRAME_MS, addFrame, frameSamples, saturate, saturateWithout } from './frame';
import type { AudioSource, AudioTap, MediaNode } from './media-node';
import { SpeakerBoard } from './speaker-board';
import type { SpeakerNotifier } from './speaker-notifier';
import type { Stream } from './stream';

/**
 * Adds up what its members say and what is played into it. A member hears the sum without itself (RFC 5707 §6.1); what a
 * conference gives to another conference comes one tick later, so that the order of the two does not matter.
 */
export class Conference implements MediaNode {
  readonly toneHeard = false;
  tonesWanted = 0;
  readonly inbound: Stream[] = [];
  readonly outbound: Stream[] = [];
  sources: readonly AudioSource[] = [];
  taps: readonly AudioTap[] = [];
  /** The full mix of this tick: what a recording of the conference holds. */
  readonly mixed: Int16Array;
  /** Only the n loudest members are mixed, and those that are preferred; undefined: all (RFC 5707 §8.6.1). */
  nLoudest: number | undefined;
  /** Told of the speakers, while there is one. */
  notifier: SpeakerNotifier | undefined;
  private readonly board = new SpeakerBoard();
  private readonly sum: Int32Array;
  private readonly played: Int16Array;
  private audible = false;
  private readonly delayed = new Map<Stream, { frame: Int16Array; next: Int16Array; audible: boolean }>();

  constructor(
    readonly id: string,
    readonly sampleRate: number,
  ) {
    this.mixed = new Int16Array(frameSamples(sampleRate));
    this.played = new Int16Array(this.mixed.length);
    this.sum = new Int32Array(this.mixed.length);
  }

  /** Builds the sum of this tick. */
  mix(): void {
    this.sum.fill(0);
    this.audible = false;
    for (const stream of this.inbound) stream.carry();
    this.choose();
    for (const stream of this.inbound) {
      if (!stream.audible) continue;
      addFrame(this.sum, stream.frame);
      this.audible = true;
    }
    for (const source of this.sources) {
      if (!source.pull(this.played)) continue;
      addFrame(this.sum, this.played);
      this.audible = true;
    }
    saturate(this.sum, this.mixed);
  }

  /** After it has mixed: tells its recordings. */
  feedTaps(): void {
    for (const tap of this.taps) tap.take(this.mixed, this.mixed);
  }

  give(stream: Stream): void {
    if (stream.to instanceof Conference) return this.giveDelayed(stream);
    const own = stream.reverse;
    stream.audible = this.audible;
    if (!own?.audible) {
      stream.frame = this.mixed;
      return;
    }
    stream.frame = stream.buffer;
    saturateWithout(this.sum, own.frame, stream.frame);
  }

  /** After every conference has mixed: computes what other conferences hear of this one in the next tick. */
  prepareNext(): void {
    for (const stream of this.outbound) {
      if (!(stream.to instanceof Conference)) continue;
      const delayed = this.delayed.get(stream) ?? this.delay(stream);
      const own = stream.reverse;
      if (own?.audible) saturateWithout(this.sum, own.frame, delayed.next);
      else delayed.next.set(this.mixed);
      delayed.audible = this.audible;
    }
  }

  /** After every conference has prepared: what was next is now. */
  turnOver(): void {
    for (const [stream, delayed] of this.delayed) {
      if (!this.outbound.includes(stream)) this.delayed.delete(stream);
      [delayed.frame, delayed.next] = [delayed.next, delayed.frame];
    }
  }

  /** Judges how loud the members are, where that matters, and leaves out who is not to be mixed. */
  private choose(): void {
    if (this.nLoudest === undefined && !this.notifier) return;
    this.board.listen(this.inbound);
    this.notifier?.elapse(FRAME_MS, (thresholdDbm0) => this.board.speakers(thresholdDbm0));
    if (this.nLoudest === undefined || this.inbound.length <= this.nLoudest) return;
    const chosen = this.board.loudest(this.inbound, this.nLoudest);
    for (const stream of this.inbound) if (!chosen.has(stream)) stream.audible = false;
  }

  private giveDelayed(stream: Stream): void {
    const delayed = this.delayed.get(stream);
    stream.audible = delayed?.audible ?? false;
    if (delayed) stream.frame = delayed.frame;
  }

  private delay(stream: Stream) {
    const samples = this.mixed.length;
    const delayed = { frame: new Int16Array(samples), next: new Int16Array(samples), audible: false };
    this.delayed.set(stream, delayed);
    return delayed;
  }
}
