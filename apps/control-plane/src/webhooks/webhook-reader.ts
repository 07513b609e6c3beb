import type { EventLog, LoggedEvent } from '@legato/b2bua';
import { eventDocument, selects } from '@legato/contracts';
import type { Clock, Log, Timer } from '@legato/kernel';
import { deliveryIdOf } from './delivery-id';
import type { DeliveryQueue } from './delivery-queue';
import type { Webhook } from './webhook';

const PAGE = 200;
/** Events that have been read and are not settled, at most: a receiver that is down keeps no more in memory. */
const WINDOW = 1_000;
const KEEP_CURSOR_MS = 500;
const RETRY_MS = 500;

interface Entry {
  readonly event: LoggedEvent;
  settled: boolean;
}

export interface WebhookReaderOptions {
  readonly webhook: Webhook;
  /** The event up to which everything is settled. */
  readonly cursor: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly events: EventLog;
  readonly queue: DeliveryQueue;
  keepCursor(cursor: string): Promise<void>;
}

/**
 * Reads the log for one webhook and queues what it selects. Of each subject one event is under way at a time, so they
 * arrive in the order of their sequence; subjects do not wait for each other. The cursor that is kept is that of the
 * event before the oldest that is not settled: after a crash some are queued again, under the same ids.
 */
export class WebhookReader {
  private readonly window: Entry[] = [];
  /** The first of each is under way. */
  private readonly lanes = new Map<string, Entry[]>();
  private readonly underWay = new Map<string, Entry>();
  private readCursor: string;
  private settledCursor: string;
  private keptCursor: string;
  private reading = false;
  /** Woken while it read: what it read may already be old. */
  private wokenAgain = false;
  private closed = false;
  private keepTimer: Timer | undefined;
  private retryTimer: Timer | undefined;

  constructor(private readonly options: WebhookReaderOptions) {
    this.readCursor = options.cursor;
    this.settledCursor = options.cursor;
    this.keptCursor = options.cursor;
  }

  /** There may be something new in the log. */
  wake(): void {
    if (this.closed) return;
    this.wokenAgain = this.reading;
    if (this.reading) return;
    this.reading = true;
    this.readOn().then(
      () => {
        this.reading = false;
        if (this.wokenAgain) this.wake();
      },
      (error: unknown) => {
        this.reading = false;
        this.later(error, () => this.wake());
      },
    );
  }

  /** Nothing more comes of a delivery: the next event of its subject may go. */
  settled(deliveryId: string): void {
    const entry = this.underWay.get(deliveryId);
    if (!entry) return;
    this.underWay.delete(deliveryId);
    entry.settled = true;
    const lane = this.lanes.get(entry.event.subject) ?? [];
    lane.shift();
    const [next] = lane;
    if (next) void this.queue(next);
    else this.lanes.delete(entry.event.subject);
    this.advance();
    this.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.keepTimer?.cancel();
    this.retryTimer?.cancel();
    await this.keep();
  }

  private async readOn(): Promise<void> {
    const { events, webhook } = this.options;
    while (!this.closed && this.window.length < WINDOW) {
      const page = await events.read(this.readCursor, PAGE);
      if (this.closed || page.events.length === 0) return;
      for (const event of page.events) {
        const entry = { event, settled: !selects(webhook.events, event.type) };
        this.window.push(entry);
        if (!entry.settled) this.line(entry);
      }
      this.readCursor = page.next;
      this.advance();
    }
  }

  private line(entry: Entry): void {
    const { subject } = entry.event;
    const lane = this.lanes.get(subject);
    if (lane) {
      lane.push(entry);
      return;
    }
    this.lanes.set(subject, [entry]);
    void this.queue(entry);
  }

  private async queue(entry: Entry): Promise<void> {
    if (this.closed) return;
    const { queue, clock } = this.options;
    const id = deliveryIdOf(entry.event.id);
    this.underWay.set(id, entry);
    try {
      const state = await queue.add({ id, event: eventDocument(entry.event), createdAt: clock.wallTime() });
      if (state === 'settled') this.settled(id);
    } catch (error) {
      this.later(error, () => void this.queue(entry));
    }
  }

  private advance(): void {
    const open = this.window.findIndex(({ settled }) => !settled);
    const gone = this.window.splice(0, open < 0 ? this.window.length : open);
    const last = gone.at(-1);
    if (!last) return;
    this.settledCursor = last.event.cursor;
    this.keepTimer ??= this.options.clock.schedule(KEEP_CURSOR_MS, () => {
      this.keepTimer = undefined;
      void this.keep();
    });
  }

  private async keep(): Promise<void> {
    const cursor = this.settledCursor;
    if (cursor === this.keptCursor) return;
    try {
      await this.options.keepCursor(cursor);
      this.keptCursor = cursor;
    } catch (error) {
      this.later(error, () => void this.keep());
    }
  }

  private later(error: unknown, again: () => void): void {
    const { log, clock, webhook } = this.options;
    log.debug('a webhook waits for the store', { webhook_id: webhook.id, error });
    if (this.closed) return;
    this.retryTimer = clock.schedule(RETRY_MS, again);
  }
}
