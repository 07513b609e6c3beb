import type { EventDocument } from '@legato/contracts';
import type { DeliveryState } from './webhook-delivery.machine';

/** One event that is to be delivered to the webhook of a queue. */
export interface Delivery {
  readonly id: string;
  readonly event: EventDocument;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly redeliveryOf?: string;
}

/** How a request to a receiver went. */
export interface DeliveryAttempt {
  readonly at: number;
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
}

/** Where a delivery goes after an attempt. */
export interface AttemptOutcome {
  readonly to: 'delivered' | 'retrying' | 'dead';
  readonly attempt: DeliveryAttempt;
  /** How long to wait; of `retrying` only. */
  readonly delayMs?: number;
}

/** A delivery as it stands. */
export interface QueuedDelivery extends Delivery {
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastAttempt?: DeliveryAttempt;
}

/** Who carries deliveries out. */
export interface DeliveryWorker {
  /** Attempt number `attempt`, from 1. */
  attempt(delivery: Delivery, attempt: number): Promise<AttemptOutcome>;
  /** Nothing more comes of a delivery. May be said twice. */
  settled(deliveryId: string): void;
}

/** The deliveries of one webhook. Methods may reject when the queue can not be reached. */
export interface DeliveryQueue {
  /** Puts a delivery in unless its id is known, and says whether anything is still to come of it. */
  add(delivery: Delivery): Promise<'open' | 'settled'>;
  /** From now on deliveries are carried out, up to `concurrency` at once. */
  work(worker: DeliveryWorker, concurrency: number): void;
  /** The receiver answers again: what waits for its back-off is tried now. */
  hurry(): Promise<void>;
  find(deliveryId: string): Promise<QueuedDelivery | undefined>;
  /** Newest first, of those that are kept. */
  list(): Promise<QueuedDelivery[]>;
  /** Stops work after what is under way; the deliveries stay. */
  rest(): Promise<void>;
  /** Rests, and lets go of what the queue is kept in. */
  close(): Promise<void>;
  /** Forgets every delivery. */
  clear(): Promise<void>;
}

/** The queues of this process by webhook, each opened when it is first asked for. */
export class DeliveryQueues {
  private readonly opened = new Map<string, DeliveryQueue>();

  constructor(private readonly open: (webhookId: string) => DeliveryQueue) {}

  of(webhookId: string): DeliveryQueue {
    const queue = this.opened.get(webhookId) ?? this.open(webhookId);
    this.opened.set(webhookId, queue);
    return queue;
  }

  /** Forgets the deliveries of a webhook that is removed. */
  async clear(webhookId: string): Promise<void> {
    const queue = this.of(webhookId);
    this.opened.delete(webhookId);
    await queue.clear();
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((queue) => queue.close()));
    this.opened.clear();
  }
}

/** Settled deliveries that are kept of a webhook. */
export const KEPT_DELIVERIES = 1_000;
