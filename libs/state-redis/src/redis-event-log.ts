import { randomUUID } from 'node:crypto';
import type { CallEvent, EventLog, LoggedEvent } from '@legato/b2bua';
import type { Clock, Log, Timer } from '@legato/kernel';
import { EventTail } from './event-tail';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';
import type { StreamEntry } from './stream-entry';
import { toEvent } from './stream-entry';
import { BEFORE_FIRST, isAfter, streamId } from './stream-id';

export interface RedisEventLogOptions {
  readonly url: string;
  readonly link: RedisLink;
  readonly keys: RedisKeys;
  readonly clock: Clock;
  readonly log: Log;
  readonly connectionName: string;
  /** Events kept at most, roughly; the oldest leave first. */
  readonly maxEvents: number;
  readonly eventsTtlMs: number;
}

interface Subscription {
  readonly listener: (event: LoggedEvent) => void;
  cursor: string;
  /** It has read all that the tail has: from here on the tail brings it everything. */
  live: boolean;
}

const PAGE = 500;
const RETRY_MS = 250;
/** An append may be sent again within this time without being carried out twice. */
const APPENDED_TTL_MS = 60_000;

/**
 * The event log in one Redis stream. All subscriptions share one reader of its end; each first catches up by itself.
 * Events arrive in order, each once, over any number of broken connections.
 */
export class RedisEventLog implements EventLog {
  private readonly subscriptions = new Set<Subscription>();
  private readonly retries = new Set<Timer>();
  private tail: EventTail | undefined;
  private closed = false;

  constructor(private readonly options: RedisEventLogOptions) {}

  /** Rejects with StoreUnavailable: then the events may be in the log or not. */
  async append(events: readonly CallEvent[]): Promise<void> {
    if (events.length === 0) return;
    const { link, keys, maxEvents, eventsTtlMs } = this.options;
    const texts = events.map((event) => JSON.stringify(event));
    const args = [maxEvents, eventsTtlMs, APPENDED_TTL_MS, ...texts];
    await link.call('append', [keys.events, keys.appended(randomUUID())], args);
  }

  /** Rejects with StoreUnavailable. */
  async read(
    after: string,
    limit: number,
  ): Promise<{ events: LoggedEvent[]; next: string; hasMore: boolean }> {
    const wanted = Math.max(0, Math.floor(limit));
    const entries = await this.range(streamId(after), wanted + 1);
    const page = entries.slice(0, wanted);
    const events = page.map(toEvent).filter((event) => event !== undefined);
    return { events, next: page.at(-1)?.[0] ?? after, hasMore: entries.length > page.length };
  }

  /** Rejects with StoreUnavailable. */
  async last(): Promise<string> {
    const { link, keys } = this.options;
    const newest = await link.send('XREVRANGE', (redis) =>
      redis.xrevrange(keys.events, '+', '-', 'COUNT', 1),
    );
    return (newest as StreamEntry[])[0]?.[0] ?? '';
  }

  subscribe(after: string, listener: (event: LoggedEvent) => void): () => void {
    const subscription: Subscription = { listener, cursor: streamId(after), live: false };
    this.subscriptions.add(subscription);
    void this.catchUp(subscription);
    return () => {
      this.subscriptions.delete(subscription);
      if (this.subscriptions.size === 0) this.stopTail();
    };
  }

  /** Ends all subscriptions. */
  close(): void {
    this.closed = true;
    this.subscriptions.clear();
    for (const retry of this.retries) retry.cancel();
    this.stopTail();
  }

  private async range(after: string, count: number): Promise<StreamEntry[]> {
    const { link, keys } = this.options;
    const entries = await link.send('XRANGE', (redis) =>
      redis.xrange(keys.events, `(${after}`, '+', 'COUNT', count),
    );
    return entries as StreamEntry[];
  }

  private async catchUp(subscription: Subscription): Promise<void> {
    try {
      while (this.subscriptions.has(subscription) && !subscription.live) {
        const seen = this.tail?.position ?? BEFORE_FIRST;
        const entries = await this.range(subscription.cursor, PAGE);
        this.deliver(subscription, entries);
        if (entries.length === PAGE) continue;
        // What the tail had seen before this read is read by now, or no longer kept.
        if (isAfter(seen, subscription.cursor)) subscription.cursor = seen;
        this.joinTail(subscription);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      this.options.log.debug('a subscription waits for Redis', { reason });
      this.later(() => void this.catchUp(subscription));
    }
  }

  /** Only when nothing lies between the subscription and the tail: else it reads on. */
  private joinTail(subscription: Subscription): void {
    if (!this.subscriptions.has(subscription)) return;
    this.tail ??= this.startTail(subscription.cursor);
    if (!isAfter(this.tail.position, subscription.cursor)) subscription.live = true;
  }

  private startTail(from: string): EventTail {
    const { url, connectionName, keys, clock, log } = this.options;
    const onEntries = (entries: readonly StreamEntry[]) => {
      for (const subscription of this.subscriptions) {
        if (subscription.live) this.deliver(subscription, entries);
      }
    };
    const tail = new EventTail({ url, connectionName, stream: keys.events, clock, log, onEntries }, from);
    tail.start();
    return tail;
  }

  private stopTail(): void {
    this.tail?.stop();
    this.tail = undefined;
  }

  private deliver(subscription: Subscription, entries: readonly StreamEntry[]): void {
    for (const entry of entries) {
      if (!this.subscriptions.has(subscription)) return;
      if (!isAfter(entry[0], subscription.cursor)) continue;
      subscription.cursor = entry[0];
      const event = toEvent(entry);
      if (event) this.tell(subscription, event);
    }
  }

  private tell(subscription: Subscription, event: LoggedEvent): void {
    try {
      subscription.listener(event);
    } catch (error) {
      this.options.log.error('an event listener failed', { event_type: event.type, error });
    }
  }

  private later(task: () => void): void {
    if (this.closed) return;
    const timer = this.options.clock.schedule(RETRY_MS, () => {
      this.retries.delete(timer);
      task();
    });
    this.retries.add(timer);
  }
}
