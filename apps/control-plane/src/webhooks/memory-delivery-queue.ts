import { arrowFor } from '@legato/kernel';
import type { Clock, Timer } from '@legato/kernel';
import type {
  AttemptOutcome,
  Delivery,
  DeliveryAttempt,
  DeliveryQueue,
  DeliveryWorker,
  QueuedDelivery,
} from './delivery-queue';
import { KEPT_DELIVERIES } from './delivery-queue';
import type { DeliveryState, DeliveryTrigger } from './webhook-delivery.machine';
import { webhookDeliveryMachine } from './webhook-delivery.machine';

interface Entry {
  readonly delivery: Delivery;
  state: DeliveryState;
  attempts: number;
  lastAttempt?: DeliveryAttempt;
  timer?: Timer;
}

const shown = ({ delivery, state, attempts, lastAttempt }: Entry): QueuedDelivery => ({
  ...delivery,
  state,
  attempts,
  ...(lastAttempt && { lastAttempt }),
});

const TRIGGER: Readonly<Record<AttemptOutcome['to'], DeliveryTrigger>> = {
  delivered: 'accepted',
  retrying: 'refused',
  dead: 'refused at last',
};

/** The deliveries of a webhook of a node that runs alone: they end with the process. */
export class MemoryDeliveryQueue implements DeliveryQueue {
  private readonly entries = new Map<string, Entry>();
  private waiting: Entry[] = [];
  private readonly settledIds: string[] = [];
  private worker: DeliveryWorker | undefined;
  private concurrency = 0;
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly clock: Clock) {}

  add(delivery: Delivery): Promise<'open' | 'settled'> {
    const known = this.entries.get(delivery.id);
    if (known) return Promise.resolve(isSettled(known) ? 'settled' : 'open');
    const entry: Entry = { delivery, state: 'queued', attempts: 0 };
    this.entries.set(delivery.id, entry);
    this.waiting.push(entry);
    this.pickUp();
    return Promise.resolve('open');
  }

  work(worker: DeliveryWorker, concurrency: number): void {
    this.worker = worker;
    this.concurrency = concurrency;
    this.pickUp();
  }

  hurry(): Promise<void> {
    for (const entry of this.entries.values()) {
      if (entry.state !== 'retrying' || !entry.timer) continue;
      entry.timer.cancel();
      this.due(entry);
    }
    return Promise.resolve();
  }

  find(deliveryId: string): Promise<QueuedDelivery | undefined> {
    const entry = this.entries.get(deliveryId);
    return Promise.resolve(entry && shown(entry));
  }

  list(): Promise<QueuedDelivery[]> {
    return Promise.resolve([...this.entries.values()].map(shown).reverse());
  }

  close(): Promise<void> {
    return this.rest();
  }

  async rest(): Promise<void> {
    this.worker = undefined;
    await Promise.all(this.running);
    for (const entry of this.entries.values()) {
      if (!entry.timer) continue;
      // Whoever works on goes on with it at once.
      entry.timer.cancel();
      this.due(entry);
    }
  }

  async clear(): Promise<void> {
    await this.rest();
    this.entries.clear();
    this.waiting = [];
  }

  private pickUp(): void {
    const { worker } = this;
    if (!worker) return;
    while (this.running.size < this.concurrency) {
      const entry = this.waiting.shift();
      if (!entry) return;
      this.move(entry, 'picked up');
      const run = this.carryOut(worker, entry).finally(() => {
        this.running.delete(run);
        this.pickUp();
      });
      this.running.add(run);
    }
  }

  private async carryOut(worker: DeliveryWorker, entry: Entry): Promise<void> {
    entry.attempts += 1;
    const outcome = await worker.attempt(entry.delivery, entry.attempts);
    entry.lastAttempt = outcome.attempt;
    this.move(entry, TRIGGER[outcome.to]);
    if (isSettled(entry)) this.settle(worker, entry);
    else entry.timer = this.clock.schedule(outcome.delayMs ?? 0, () => this.due(entry));
  }

  private settle(worker: DeliveryWorker, entry: Entry): void {
    this.settledIds.push(entry.delivery.id);
    const oldest = this.settledIds.length > KEPT_DELIVERIES ? this.settledIds.shift() : undefined;
    if (oldest !== undefined) this.entries.delete(oldest);
    worker.settled(entry.delivery.id);
  }

  private due(entry: Entry): void {
    entry.timer = undefined;
    this.waiting.push(entry);
    this.pickUp();
  }

  private move(entry: Entry, trigger: DeliveryTrigger): void {
    entry.state = arrowFor(webhookDeliveryMachine, entry.state, trigger)?.to ?? entry.state;
  }
}

const isSettled = ({ state }: Entry): boolean => state === 'delivered' || state === 'dead';
