import type { Clock, Log } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import type { CallEvent } from './call-store';
import type { EventLog, LoggedEvent } from './event-log';

export interface MemoryEventLogOptions {
  readonly clock: Clock;
  readonly log?: Log;
  /** Events kept at most (default 100,000); the oldest leave first. */
  readonly maxEvents?: number;
  /** How long an event is kept (default 24 h). */
  readonly maxAgeMs?: number;
}

interface Position {
  readonly ms: number;
  readonly number: number;
}

interface Entry extends Position {
  readonly event: CallEvent;
}

/** Made when it is read: most events of a node without listeners never are. */
const logged = ({ ms, number, event }: Entry): LoggedEvent => ({ ...event, cursor: `${ms}-${number}` });

interface Subscription {
  readonly listener: (event: LoggedEvent) => void;
  after: Position;
  delivering: boolean;
}

const OLDEST: Position = { ms: 0, number: 0 };
const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

/** Cursors have the form of Redis stream ids, so one of an earlier process lies before all of this one. */
function parseCursor(cursor: string): Position {
  const match = CURSOR.exec(cursor);
  return match ? { ms: Number(match[1]), number: Number(match[2]) } : OLDEST;
}

const isAfter = (a: Position, b: Position) => a.ms > b.ms || (a.ms === b.ms && a.number > b.number);

/**
 * The event log of a node that runs alone: a list with limits in number and age.
 * Listeners run inside `append`; what one of them throws is logged and harms nobody else.
 * A cursor that is not one of ours reads from the oldest event.
 */
export class MemoryEventLog implements EventLog {
  private entries: Entry[] = [];
  /** Entries before this index have left; the array is cut now and then, not at each append. */
  private first = 0;
  private lastPosition: Position = OLDEST;
  private readonly subscriptions = new Set<Subscription>();
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly maxEvents: number;
  private readonly maxAgeMs: number;

  constructor(options: MemoryEventLogOptions) {
    this.clock = options.clock;
    this.log = options.log ?? silentLog;
    this.maxEvents = options.maxEvents ?? 100_000;
    this.maxAgeMs = options.maxAgeMs ?? 24 * 3_600_000;
  }

  /** Events that are kept now. */
  get size(): number {
    this.dropOld();
    return this.entries.length - this.first;
  }

  /** Subscriptions that have not been given up. */
  get listeners(): number {
    return this.subscriptions.size;
  }

  append(events: readonly CallEvent[]): Promise<void> {
    this.appendNow(events);
    return Promise.resolve();
  }

  /** As `append`, at once: for a store that writes a call and its events in one step. */
  appendNow(events: readonly CallEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) {
      const at = this.nextPosition();
      this.lastPosition = at;
      this.entries.push({ ms: at.ms, number: at.number, event });
    }
    this.dropOld();
    for (const subscription of this.subscriptions) this.deliver(subscription);
  }

  read(after: string, limit: number): Promise<{ events: LoggedEvent[]; next: string; hasMore: boolean }> {
    this.dropOld();
    const from = this.indexAfter(parseCursor(after));
    const page = this.entries.slice(from, from + Math.max(0, limit)).map(logged);
    const next = page.at(-1)?.cursor ?? after;
    return Promise.resolve({ events: page, next, hasMore: from + page.length < this.entries.length });
  }

  last(): Promise<string> {
    const { ms, number } = this.lastPosition;
    return Promise.resolve(ms === 0 ? '' : `${ms}-${number}`);
  }

  subscribe(after: string, listener: (event: LoggedEvent) => void): () => void {
    const subscription: Subscription = { listener, after: parseCursor(after), delivering: false };
    this.subscriptions.add(subscription);
    // Not now: the caller does not yet hold the function that ends it.
    queueMicrotask(() => this.deliver(subscription));
    return () => void this.subscriptions.delete(subscription);
  }

  /** Each subscription walks the list by itself, so one that appends while it is told keeps the order for all. */
  private deliver(subscription: Subscription): void {
    if (subscription.delivering) return;
    subscription.delivering = true;
    while (this.subscriptions.has(subscription)) {
      const entry = this.entries[this.indexAfter(subscription.after)];
      if (!entry) break;
      subscription.after = entry;
      this.tell(subscription, logged(entry));
    }
    subscription.delivering = false;
  }

  private tell(subscription: Subscription, event: LoggedEvent): void {
    try {
      subscription.listener(event);
    } catch (error) {
      this.log.error('an event listener failed', { event_type: event.type, error });
    }
  }

  private nextPosition(): Position {
    const ms = Math.floor(this.clock.wallTime());
    // The wall clock may be set back; cursors never are.
    return ms > this.lastPosition.ms
      ? { ms, number: 0 }
      : { ms: this.lastPosition.ms, number: this.lastPosition.number + 1 };
  }

  /** Index of the first kept entry that lies after `position`, by bisection. */
  private indexAfter(position: Position): number {
    const newest = this.entries.at(-1);
    if (newest && !isAfter(newest, position)) return this.entries.length;
    let low = this.first;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.entries[middle]!, position)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private dropOld(): void {
    const oldestMs = this.clock.wallTime() - this.maxAgeMs;
    while (this.first < this.entries.length) {
      const tooMany = this.entries.length - this.first > this.maxEvents;
      if (!tooMany && this.entries[this.first]!.ms > oldestMs) break;
      this.first += 1;
    }
    if (this.first > 1024 && this.first * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.first);
      this.first = 0;
    }
  }
}
