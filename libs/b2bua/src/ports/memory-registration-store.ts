import type { Clock } from '@legato/kernel';
import type { MemoryEventLog } from './memory-event-log';
import type {
  RegistrationRecord,
  RegistrationStore,
  RegistrationWrite,
  RegistrationWriteOutcome,
} from './registration-store';
import { DEFAULT_MAX_REGISTRATIONS, firstExpiry, keptForMs } from './registration-store';

export interface MemoryRegistrationStoreOptions {
  readonly clock: Clock;
  readonly events: MemoryEventLog;
  /** Addresses-of-record with bindings at most (default 100,000). */
  readonly maxRegistrations?: number;
}

interface Row extends RegistrationRecord {
  readonly opId: string;
  /** Monotonic. */
  readonly forgottenAt: number;
}

const dueAt = ({ bindings }: Row): number => firstExpiry(bindings) ?? Infinity;

/** Where `text` stands in an ordered list, or would. */
function positionOf(ordered: readonly string[], text: string): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bindings of a node that runs alone. There is no timer: each write drops the records whose time is over. */
export class MemoryRegistrationStore implements RegistrationStore {
  private readonly rows = new Map<string, Row>();
  /** Those with bindings, in order. */
  private readonly registered: string[] = [];
  /** Those without, the oldest first. */
  private readonly emptied = new Map<string, number>();
  private readonly max: number;

  constructor(private readonly options: MemoryRegistrationStoreOptions) {
    this.max = options.maxRegistrations ?? DEFAULT_MAX_REGISTRATIONS;
  }

  load(aor: string): Promise<RegistrationRecord | undefined> {
    this.dropForgotten();
    const row = this.rows.get(aor);
    return Promise.resolve(row && recordOf(row));
  }

  write(write: RegistrationWrite): Promise<RegistrationWriteOutcome> {
    return Promise.resolve(this.writeNow(write));
  }

  list(options: {
    readonly after?: string;
    readonly limit: number;
  }): Promise<{ records: RegistrationRecord[]; next?: string }> {
    const { after } = options;
    const found = after === undefined ? 0 : positionOf(this.registered, after);
    const from = this.registered[found] === after ? found + 1 : found;
    const page = this.registered.slice(from, from + Math.max(1, Math.floor(options.limit)));
    const next = page.at(-1);
    const records = this.recordsOf(page);
    const hasMore = from + page.length < this.registered.length;
    return Promise.resolve(next !== undefined && hasMore ? { records, next } : { records });
  }

  due(now: number, limit: number): Promise<RegistrationRecord[]> {
    const rows = [...this.rows.values()].filter((row) => dueAt(row) <= now);
    const oldest = rows.sort((a, b) => dueAt(a) - dueAt(b)).slice(0, limit);
    return Promise.resolve(oldest.map(recordOf));
  }

  count(): Promise<number> {
    return Promise.resolve(this.registered.length);
  }

  private writeNow(write: RegistrationWrite): RegistrationWriteOutcome {
    const { aor, bindings, sequence, opId, now } = write;
    this.dropForgotten();
    const row = this.rows.get(aor);
    const version = row?.version ?? 0;
    if (row?.opId === opId) return { status: 'stored', version };
    if (version !== write.expectedVersion) return { status: 'version', actual: version };
    const isNew = bindings.length > 0 && (row?.bindings.length ?? 0) === 0;
    if (isNew && this.registered.length >= this.max) return { status: 'full' };
    const forgottenAt = this.options.clock.now() + keptForMs(bindings, now);
    this.put({ aor, version: version + 1, sequence, bindings, opId, forgottenAt });
    this.options.events.appendNow(write.events);
    return { status: 'stored', version: version + 1 };
  }

  private put(row: Row): void {
    const { aor } = row;
    this.rows.set(aor, row);
    this.emptied.delete(aor);
    const position = positionOf(this.registered, aor);
    const isListed = this.registered[position] === aor;
    if (row.bindings.length === 0) {
      this.emptied.set(aor, row.forgottenAt);
      if (isListed) this.registered.splice(position, 1);
    } else if (!isListed) this.registered.splice(position, 0, aor);
  }

  private dropForgotten(): void {
    const now = this.options.clock.now();
    for (const [aor, forgottenAt] of this.emptied) {
      if (forgottenAt > now) return;
      this.emptied.delete(aor);
      this.rows.delete(aor);
    }
  }

  private recordsOf(aors: readonly string[]): RegistrationRecord[] {
    return aors.flatMap((aor) => {
      const row = this.rows.get(aor);
      return row ? [recordOf(row)] : [];
    });
  }
}

const recordOf = ({ aor, version, sequence, bindings }: Row): RegistrationRecord => ({
  aor,
  version,
  sequence,
  bindings,
});
