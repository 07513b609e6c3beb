import { fromDbm0, meanSquare } from './level';
import type { Stream } from './stream';

/** Falls to a tenth in about 400 ms: pauses between syllables do not count as silence. */
const DECAY = 0.89;
/** Who is mixed already stays so until another is louder by this factor of energy: 3 dB. */
const ADVANTAGE = 2;

/** Watches how loud the members of a conference are: for n-loudest mixing and for active speaker events (RFC 5707 §8.6). */
export class SpeakerBoard {
  private readonly levels = new Map<Stream, number>();
  private chosen = new Set<Stream>();

  /** Notes the levels of this tick. */
  listen(streams: readonly Stream[]): void {
    for (const stream of streams) {
      const now = stream.audible ? meanSquare(stream.frame) : 0;
      this.levels.set(stream, Math.max(now, (this.levels.get(stream) ?? 0) * DECAY));
    }
    for (const stream of this.levels.keys()) if (!streams.includes(stream)) this.levels.delete(stream);
  }

  /** Those that are mixed when only the `count` loudest are; preferred ones come on top. */
  loudest(streams: readonly Stream[], count: number): ReadonlySet<Stream> {
    const standing = (stream: Stream) =>
      (this.levels.get(stream) ?? 0) * (this.chosen.has(stream) ? ADVANTAGE : 1);
    const competing = streams.filter((stream) => stream.audible && !stream.preferred);
    competing.sort((a, b) => standing(b) - standing(a));
    this.chosen = new Set([...competing.slice(0, count), ...streams.filter(({ preferred }) => preferred)]);
    return this.chosen;
  }

  /** The ids of those who speak louder than a level in dBm0, the loudest first. */
  speakers(thresholdDbm0: number): string[] {
    const threshold = fromDbm0(thresholdDbm0);
    return [...this.levels]
      .filter(([, level]) => level > threshold)
      .sort(([, a], [, b]) => b - a)
      .map(([stream]) => stream.from.id);
  }
}
