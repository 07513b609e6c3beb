import type { EventLog } from '@legato/b2bua';
import type { Clock, Log, Timer } from '@legato/kernel';
import type { DeliveryLease } from './delivery-lease';
import { LEASE_MS } from './delivery-lease';
import type { AttemptOutcome, Delivery, DeliveryQueue, DeliveryQueues } from './delivery-queue';
import type { Webhook } from './webhook';
import type { WebhookRecords } from './webhook-records';
import { WebhookReader } from './webhook-reader';
import type { WebhookSender } from './webhook-sender';

const LOOK_MS = 1_000;
/** Requests to one receiver at once. */
const CONCURRENCY = 16;

export interface WebhookDispatcherOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventLog;
  readonly records: WebhookRecords;
  readonly lease: DeliveryLease;
  readonly queues: DeliveryQueues;
  readonly sender: WebhookSender;
  /** The receiver of a webhook answered 410. */
  readonly gone: (webhookId: string) => Promise<void>;
}

interface Active {
  webhook: Webhook;
  readonly queue: DeliveryQueue;
  readonly reader: WebhookReader;
  /** The last attempt failed: what waits is to be hurried by the first that succeeds. */
  failing: boolean;
}

/** Serves the active webhooks as long as this node holds the lease: one reader of the log and one queue for each. */
export class WebhookDispatcher {
  /** Attempts of this process by what came of them. */
  readonly attempts = { delivered: 0, retrying: 0, dead: 0 };
  private readonly active = new Map<string, Active>();
  private timer: Timer | undefined;
  private unsubscribe: () => void = () => undefined;
  private followed = false;
  private heldUntil = 0;
  private stopped = true;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: WebhookDispatcherOptions) {}

  start(): void {
    this.stopped = false;
    this.look();
  }

  /** Looks at once: a webhook was changed. Resolves when it is served as it is now. */
  refresh(): Promise<void> {
    if (!this.stopped) this.look();
    return this.looking;
  }

  /** Lets what is under way end, and leaves the rest to another node or a later process. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.looking;
    await this.serve([]);
    await this.options.lease.release().catch(() => undefined);
  }

  private look(): void {
    this.timer?.cancel();
    this.looking = this.looking.then(() => this.lookNow());
  }

  private async lookNow(): Promise<void> {
    const { clock, log, lease, records } = this.options;
    if (this.stopped) return;
    const asked = clock.now();
    try {
      const all = await records.list();
      // Who has no webhooks has no need of a lease.
      const isHeld = all.length > 0 && (await lease.take());
      this.heldUntil = isHeld ? asked + LEASE_MS : 0;
      await this.serve(isHeld ? all.filter(({ state }) => state === 'active') : []);
    } catch (error) {
      log.debug('webhooks wait for the store', { error });
      if (clock.now() > this.heldUntil) await this.serve([]);
    }
    this.timer?.cancel();
    if (!this.stopped) this.timer = clock.schedule(LOOK_MS, () => this.look());
  }

  /** Makes what is served be `webhooks`, and wakes each reader. */
  private async serve(webhooks: readonly Webhook[]): Promise<void> {
    const wanted = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
    for (const [id, entry] of this.active) {
      const webhook = wanted.get(id);
      if (webhook && sameReading(webhook, entry.webhook)) entry.webhook = webhook;
      else await this.end(id, entry);
    }
    for (const [id, webhook] of wanted) if (!this.active.has(id)) await this.begin(webhook);
    this.follow();
    this.wakeAll();
  }

  private async begin(webhook: Webhook): Promise<void> {
    const { clock, log, events, records, queues } = this.options;
    const { id } = webhook;
    const cursor = (await records.cursor(id)) ?? webhook.startCursor;
    const queue = queues.of(id);
    const keepCursor = (reached: string) => records.keepCursor(id, reached);
    const reader = new WebhookReader({ webhook, cursor, log, clock, events, queue, keepCursor });
    const entry: Active = { webhook, queue, reader, failing: true };
    this.active.set(id, entry);
    const worker = {
      attempt: (delivery: Delivery, attempt: number) => this.attempt(entry, delivery, attempt),
      settled: (deliveryId: string) => reader.settled(deliveryId),
    };
    queue.work(worker, CONCURRENCY);
  }

  private async end(id: string, { queue, reader }: Active): Promise<void> {
    this.active.delete(id);
    await queue.rest();
    await reader.close();
  }

  private async attempt(entry: Active, delivery: Delivery, attempt: number): Promise<AttemptOutcome> {
    const { sender, log, gone } = this.options;
    const { outcome, actions } = await sender.send(entry.webhook, delivery, attempt);
    this.attempts[outcome.to] += 1;
    if (outcome.to !== 'delivered') {
      const { id, state } = { id: delivery.id, state: outcome.to };
      log.info('webhook delivery failed', {
        webhook_id: entry.webhook.id,
        delivery_id: id,
        state,
        attempt,
        status: outcome.attempt.status,
      });
    }
    if (actions.includes('disable webhook')) {
      void entry.reader.close();
      await gone(entry.webhook.id).catch((error: unknown) => {
        log.warn('webhook is not disabled', { webhook_id: entry.webhook.id, error });
      });
    }
    this.judge(entry, outcome.to === 'delivered');
    return outcome;
  }

  private judge(entry: Active, isDelivered: boolean): void {
    const isBack = isDelivered && entry.failing;
    entry.failing = !isDelivered;
    if (!isBack) return;
    entry.queue.hurry().catch((error: unknown) => {
      this.options.log.debug('deliveries are not hurried', { webhook_id: entry.webhook.id, error });
    });
  }

  /** One subscription for all: it only says that there is something new. */
  private follow(): void {
    if (this.active.size === 0) {
      this.unsubscribe();
      this.unsubscribe = () => undefined;
      this.followed = false;
      return;
    }
    if (this.followed) return;
    this.followed = true;
    const { events } = this.options;
    events.last().then(
      (last) => {
        if (this.followed) this.unsubscribe = events.subscribe(last, () => this.wakeAll());
      },
      () => (this.followed = false),
    );
  }

  private wakeAll(): void {
    for (const { reader } of this.active.values()) reader.wake();
  }
}

/** A change that needs no other reader and no other queue. */
const sameReading = (a: Webhook, b: Webhook): boolean =>
  a.state === b.state &&
  a.events.length === b.events.length &&
  a.events.every((event, i) => event === b.events[i]);
