import { inSerial } from '../mixer/transformer';
import type { Transformer } from '../mixer/transformer';
import type { TransformPlace } from './media-objects';

type Place = Exclude<TransformPlace, 'returned'>;

/** The transformers of one connection. */
export class TransformTable {
  private readonly lists: Record<Place, readonly Transformer[]> = { said: [], heard: [] };
  private readonly chains: Partial<Record<Place, Transformer>> = {};

  /** Puts one behind those that are there; returns its removal. */
  add(place: Place, transformer: Transformer): () => void {
    this.set(place, [...this.lists[place], transformer]);
    return () =>
      this.set(
        place,
        this.lists[place].filter((each) => each !== transformer),
      );
  }

  /** What comes out of them; undefined is silence. */
  process(place: Place, frame: Int16Array, toneHeard: boolean): Int16Array | undefined {
    const chain = this.chains[place];
    return chain ? chain.process(frame, toneHeard) : frame;
  }

  private set(place: Place, list: readonly Transformer[]): void {
    this.lists[place] = list;
    if (list.length > 0) this.chains[place] = inSerial(list);
    else delete this.chains[place];
  }
}
