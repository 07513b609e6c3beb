import { FrameConverter } from '../codecs/frame-converter';
import { frameSamples } from './frame';
import type { MediaNode } from './media-node';
import type { StreamShape } from './stream-shape';
import { StreamShaper } from './stream-shape';

const UNSHAPED: StreamShape = {};

/** One direction of a join (RFC 5707 §8.12). */
export class Stream {
  /** What it carries in this tick, at the rate of its sink; only read between two calls of `carry`. */
  frame: Int16Array = new Int16Array(0);
  /** False: `frame` is silence, and nobody has to add it. */
  audible = false;
  /** The other direction of the same join, when there is one. */
  reverse: Stream | undefined;
  private converter: FrameConverter | undefined;
  private room = new Int16Array(0);
  private shaper: StreamShaper | undefined;

  constructor(
    readonly from: MediaNode,
    readonly to: MediaNode,
  ) {}

  /** Room for a source that has to compute what it gives: one frame at its rate. */
  get buffer(): Int16Array {
    const samples = frameSamples(this.from.sampleRate);
    if (this.room.length !== samples) this.room = new Int16Array(samples);
    return this.room;
  }

  /** Always mixed, though only the n loudest are. */
  get preferred(): boolean {
    return this.shaper?.shape.preferred ?? false;
  }

  get shape(): StreamShape {
    return this.shaper?.shape ?? UNSHAPED;
  }

  /** Replaces what is done to its audio. */
  set shape(shape: StreamShape) {
    this.from.tonesWanted += Number(shape.clampDtmf ?? false) - Number(this.shape.clampDtmf ?? false);
    this.shaper = new StreamShaper(shape);
  }

  /** Fetches what the source has in this tick. */
  carry(): void {
    this.from.give(this);
    if (this.shaper?.silences(this.from.toneHeard)) this.audible = false;
    if (!this.audible) return;
    this.convert();
    if (this.shaper?.dropsTone(this.frame)) this.audible = false;
    else if (this.shaper) this.frame = this.shaper.apply(this.frame);
  }

  private convert(): void {
    const { sampleRate } = this.to;
    if (this.frame.length === frameSamples(sampleRate)) this.converter = undefined;
    else this.frame = (this.converter ??= new FrameConverter()).convert(this.frame, sampleRate);
  }
}
