import type { CallStore } from '../ports/call-store';
import type { ConferenceSnapshot } from './conference-snapshot';
import { CONFERENCE_PREFIX } from './conference-registry';

const AFTER_LAST = `${CONFERENCE_PREFIX}~`;

/** Reads conferences, live ones from memory and the rest from the store. */
export class ConferenceReader {
  constructor(
    private readonly store: CallStore,
    private readonly live: (id: string) => ConferenceSnapshot | undefined,
  ) {}

  async snapshot(id: string): Promise<ConferenceSnapshot | undefined> {
    const live = this.live(id);
    if (live) return live;
    const record = await this.store.load(id);
    return record?.id.startsWith(CONFERENCE_PREFIX)
      ? (JSON.parse(record.state) as ConferenceSnapshot)
      : undefined;
  }

  /** Newest first. Records of other kinds stand in the same store: ids sort by their prefix, and by time within it. */
  async list(options: {
    readonly after?: string;
    readonly limit: number;
    readonly matches: (snapshot: ConferenceSnapshot) => boolean;
  }): Promise<{ data: ConferenceSnapshot[]; next?: string }> {
    const data: ConferenceSnapshot[] = [];
    let after: string | undefined = options.after ?? AFTER_LAST;
    while (after !== undefined) {
      const page: Awaited<ReturnType<CallStore['list']>> = await this.store.list({
        after,
        limit: options.limit + 1,
      });
      after = page.next;
      for (const { id, state } of page.records) {
        if (!id.startsWith(CONFERENCE_PREFIX)) return { data };
        const snapshot = this.live(id) ?? (JSON.parse(state) as ConferenceSnapshot);
        if (!options.matches(snapshot)) continue;
        const last = data.at(-1);
        // One more than asked for tells whether anything follows.
        if (data.length === options.limit && last) return { data, next: last.id };
        data.push(snapshot);
      }
    }
    return { data };
  }
}
