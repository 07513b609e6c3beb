import type { AudioSource, AudioTap, MediaNode } from './media-node';
import type { Transformer } from './transformer';

/** A source behind a transformer. */
export class TransformedSource implements AudioSource {
  constructor(
    private readonly inner: AudioSource,
    private readonly transformer: Transformer,
  ) {}

  pull(frame: Int16Array): boolean {
    if (!this.inner.pull(frame)) return false;
    const out = this.transformer.process(frame, false);
    if (out) frame.set(out);
    else frame.fill(0);
    return true;
  }
}

/** A tap that gets what its node says behind a transformer, and what it hears as it is. */
export class TransformedTap implements AudioTap {
  private silence = new Int16Array(0);

  constructor(
    private readonly inner: AudioTap,
    private readonly transformer: Transformer,
    private readonly node: MediaNode,
  ) {}

  take(says: Int16Array, hears: Int16Array): void {
    if (this.silence.length !== says.length) this.silence = new Int16Array(says.length);
    this.inner.take(this.transformer.process(says, this.node.toneHeard) ?? this.silence, hears);
  }

  skip(ticks: number): void {
    this.inner.skip(ticks);
  }
}
