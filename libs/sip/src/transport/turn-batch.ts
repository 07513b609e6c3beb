import { AsyncResource } from 'node:async_hooks';

/**
 * What is added during one turn of the event loop is taken in one piece once the loop has polled, in order.
 * Work of one kind in a row finds code and data in the processor's caches, and a peer that the first datagram woke is awake for the others.
 */
export class TurnBatch<Item> {
  private items: Item[] = [];
  /** Not in the asynchronous context of whoever adds first: the others have nothing to do with that. */
  private readonly run = AsyncResource.bind((): void => this.flush());

  constructor(private readonly take: (items: readonly Item[]) => void) {}

  add(item: Item): void {
    if (this.items.push(item) === 1) setImmediate(this.run);
  }

  /** Takes what there is now instead of at the end of the turn. */
  flush(): void {
    if (this.items.length === 0) return;
    const { items } = this;
    this.items = [];
    this.take(items);
  }
}
