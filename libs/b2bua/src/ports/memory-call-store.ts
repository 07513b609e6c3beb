import type { Clock } from '@legato/kernel';
import type { CallRecord, CallStore, CallWrite, WriteOutcome } from './call-store';
import { StoreUnavailable } from './call-store';
import type { Incarnation } from './memory-call-table';
import type { MemoryCdrLog } from './memory-cdr-log';
import { MemoryCallTable } from './memory-call-table';
import type { MemoryEventLog } from './memory-event-log';

export interface MemoryCallStoreOptions {
  readonly clock: Clock;
  /** Takes the events of each stored write. */
  readonly events: MemoryEventLog;
  /** Takes the call detail records. */
  readonly cdrs?: MemoryCdrLog;
  /** What nodes of one process share; its own when left out. */
  readonly table?: MemoryCallTable;
}

/**
 * The store of a node that runs alone: calls end with the process. `write` answers at once.
 * Several of them over one table behave as nodes around one Redis do.
 */
export class MemoryCallStore implements CallStore {
  private readonly table: MemoryCallTable;
  private readonly events: MemoryEventLog;
  private readonly cdrs: MemoryCdrLog | undefined;
  private incarnation: Incarnation | undefined;

  constructor(options: MemoryCallStoreOptions) {
    this.table = options.table ?? new MemoryCallTable({ clock: options.clock });
    this.events = options.events;
    this.cdrs = options.cdrs;
  }

  register(nodeId: string): Promise<{ epoch: number }> {
    const epoch = this.table.register(nodeId);
    this.incarnation = { nodeId, epoch };
    return Promise.resolve({ epoch });
  }

  write(write: CallWrite): WriteOutcome {
    const { outcome, repeated } = this.table.write(this.self(), write);
    if (outcome.status === 'stored' && !repeated) this.tell(write);
    return outcome;
  }

  reassert(writes: readonly CallWrite[]): Promise<WriteOutcome[]> {
    const outcomes = writes.map((write) => {
      const { outcome, repeated } = this.table.reassert(this.self(), write);
      if (outcome.status === 'stored' && !repeated) this.tell(write);
      return outcome;
    });
    return Promise.resolve(outcomes);
  }

  load(id: string): Promise<CallRecord | undefined> {
    return Promise.resolve(this.table.load(id));
  }

  claim(fromNode: string): Promise<CallRecord[]> {
    return Promise.resolve(this.table.claim(this.self(), fromNode));
  }

  list(options: { after?: string; limit: number }): Promise<{ records: CallRecord[]; next?: string }> {
    return Promise.resolve(this.table.list(options.after, options.limit));
  }

  /** Declares another node dead: what it owns can be claimed, and none of its writes is accepted any more. */
  fence(nodeId: string): Promise<boolean> {
    this.table.fence(nodeId);
    return Promise.resolve(true);
  }

  ping(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    if (this.incarnation) this.table.leave(this.incarnation);
    return Promise.resolve();
  }

  private tell({ events, cdr }: CallWrite): void {
    this.events.appendNow(events);
    if (cdr !== undefined) this.cdrs?.append(cdr);
  }

  private self(): Incarnation {
    if (!this.incarnation) throw new StoreUnavailable('register the node first');
    return this.incarnation;
  }
}
