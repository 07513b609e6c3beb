import type { DocumentStore } from '@legato/b2bua';
import type { Clock, IdSource, Log, Timer } from '@legato/kernel';

const COLLECTION = 'media-server-drains';
/** How long another node may take to hear of a drain. */
const REFRESH_MS = 5_000;
/** Writes that another node was faster with, in a row, before we give up. */
const ATTEMPTS = 5;

export interface DrainsOptions {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** Which media servers are drained: kept in the store, so that every node knows, and knows again after a restart. */
export class Drains {
  onChange: (id: string, drained: boolean) => void = () => undefined;
  private drained = new Set<string>();
  private timer: Timer | undefined;
  private running = false;

  constructor(private readonly options: DrainsOptions) {}

  start(): void {
    this.running = true;
    void this.refresh();
  }

  stop(): void {
    this.running = false;
    this.timer?.cancel();
  }

  /** Rejects with StoreUnavailable. */
  async set(id: string, drained: boolean): Promise<void> {
    const { documents, ids } = this.options;
    if (!drained) await documents.remove(COLLECTION, id);
    else {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const expectedVersion = (await documents.read(COLLECTION, id))?.version ?? 0;
        const write = { id, expectedVersion, opId: ids.token(8), content: {} };
        if ((await documents.write(COLLECTION, write)).status === 'stored') break;
      }
    }
    this.note(id, drained);
  }

  private async refresh(): Promise<void> {
    const { documents, clock, log } = this.options;
    try {
      const listed = new Set((await documents.list(COLLECTION)).map(({ id }) => id));
      for (const id of new Set([...this.drained, ...listed])) this.note(id, listed.has(id));
    } catch (error) {
      log.warn('drained media servers are not known', { error });
    }
    if (this.running) this.timer = clock.schedule(REFRESH_MS, () => void this.refresh());
  }

  private note(id: string, drained: boolean): void {
    if (this.drained.has(id) === drained) return;
    if (drained) this.drained.add(id);
    else this.drained.delete(id);
    this.onChange(id, drained);
  }
}
