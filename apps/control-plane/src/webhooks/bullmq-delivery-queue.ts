import type { Log } from '@legato/kernel';
import { DelayedError, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import type {
  AttemptOutcome,
  Delivery,
  DeliveryAttempt,
  DeliveryQueue,
  DeliveryWorker,
  QueuedDelivery,
} from './delivery-queue';
import { KEPT_DELIVERIES } from './delivery-queue';
import type { DeliveryState } from './webhook-delivery.machine';

const PREFIX = 'legato:webhook-queue';
/** How long the job of a process that died waits for another. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/** A job may lose its process so often. */
const MAX_STALLED = 100;
/** The back-off is ours; BullMQ only has to know that it is not to give up. */
const ATTEMPTS = 1_000_000;
const SETTLED_KEPT_S = 7 * 86_400;
/** How long the keys of a queue outlive the last node that used it. */
const KEYS_TTL_MS = 30 * 86_400_000;
const KEEP_EVERY_MS = 600_000;
const SCAN_COUNT = 500;

type State = Awaited<ReturnType<Job['getState']>>;

const STATES: Readonly<Partial<Record<State, DeliveryState>>> = {
  waiting: 'queued',
  prioritized: 'queued',
  active: 'sending',
  delayed: 'retrying',
  completed: 'delivered',
  failed: 'dead',
};

interface Progress {
  readonly attempts: number;
  readonly lastAttempt: DeliveryAttempt;
}

type DeliveryJob = Job<Delivery, void>;

const progressOf = (job: DeliveryJob): Progress | undefined =>
  typeof job.progress === 'object' && 'attempts' in job.progress ? (job.progress as Progress) : undefined;

async function shown(job: DeliveryJob): Promise<QueuedDelivery> {
  const progress = progressOf(job);
  return {
    ...job.data,
    state: STATES[await job.getState()] ?? 'queued',
    attempts: progress?.attempts ?? 0,
    ...(progress && { lastAttempt: progress.lastAttempt }),
  };
}

export interface BullmqDeliveryQueueOptions {
  readonly url: string;
  readonly webhookId: string;
  readonly log: Log;
}

/** The deliveries of a webhook in Redis, as a BullMQ queue: one job each, whose id is the delivery's. */
export class BullmqDeliveryQueue implements DeliveryQueue {
  private readonly redis: Redis;
  private readonly queue: Queue<Delivery, void>;
  private worker: Worker<Delivery, void> | undefined;
  private readonly keeper: NodeJS.Timeout;

  constructor(private readonly options: BullmqDeliveryQueueOptions) {
    this.redis = this.connect();
    this.queue = new Queue(options.webhookId, { connection: this.redis, prefix: PREFIX });
    this.queue.on('error', this.note);
    this.keeper = setInterval(() => void this.keep().catch(this.note), KEEP_EVERY_MS);
    this.keeper.unref();
  }

  async add(delivery: Delivery): Promise<'open' | 'settled'> {
    const job = await this.queue.add('delivery', delivery, {
      jobId: delivery.id,
      attempts: ATTEMPTS,
      removeOnComplete: { age: SETTLED_KEPT_S, count: KEPT_DELIVERIES },
      removeOnFail: { age: SETTLED_KEPT_S, count: KEPT_DELIVERIES },
    });
    const state = STATES[await job.getState()];
    return state === 'delivered' || state === 'dead' ? 'settled' : 'open';
  }

  work(worker: DeliveryWorker, concurrency: number): void {
    if (this.worker) return;
    const carryOut = (job: DeliveryJob, token?: string) => this.carryOut(worker, job, token);
    this.worker = new Worker<Delivery, void>(this.options.webhookId, carryOut, {
      connection: this.redis,
      prefix: PREFIX,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
    });
    this.worker.on('completed', (job) => worker.settled(job.data.id));
    this.worker.on('failed', (job) => {
      if (job?.finishedOn !== undefined) worker.settled(job.data.id);
    });
    this.worker.on('error', this.note);
  }

  async hurry(): Promise<void> {
    await this.queue.promoteJobs();
  }

  async find(deliveryId: string): Promise<QueuedDelivery | undefined> {
    const job = await this.queue.getJob(deliveryId);
    return job && shown(job);
  }

  async list(): Promise<QueuedDelivery[]> {
    const jobs = await this.queue.getJobs(
      ['wait', 'active', 'delayed', 'completed', 'failed'],
      0,
      KEPT_DELIVERIES,
    );
    // One that moves on while it is read is listed twice, or gone.
    const distinct = new Map(jobs.filter((job) => job !== undefined).map((job) => [job.id, job]));
    const deliveries = await Promise.all([...distinct.values()].map(shown));
    return deliveries.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  }

  async close(): Promise<void> {
    clearInterval(this.keeper);
    await this.rest();
    await this.keep().catch(this.note);
    await this.queue.close();
    this.redis.disconnect();
  }

  async rest(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.close();
  }

  async clear(): Promise<void> {
    await this.rest();
    await this.queue.obliterate({ force: true });
    await this.close();
  }

  private async carryOut(worker: DeliveryWorker, job: DeliveryJob, token: string | undefined): Promise<void> {
    const attempts = (progressOf(job)?.attempts ?? 0) + 1;
    const outcome = await worker.attempt(job.data, attempts);
    await job.updateProgress({ attempts, lastAttempt: outcome.attempt });
    await this.follow(outcome, job, token);
  }

  private async follow(outcome: AttemptOutcome, job: DeliveryJob, token: string | undefined): Promise<void> {
    if (outcome.to === 'dead')
      throw new UnrecoverableError(outcome.attempt.error ?? `HTTP ${outcome.attempt.status}`);
    if (outcome.to === 'delivered') return;
    await job.moveToDelayed(Date.now() + (outcome.delayMs ?? 0), token);
    throw new DelayedError();
  }

  /** BullMQ's keys would live for ever: those of a queue that nobody uses any more go after a while. */
  private async keep(): Promise<void> {
    let cursor = '0';
    do {
      const match = `${PREFIX}:${this.options.webhookId}:*`;
      const [next, keys] = await this.redis.scan(cursor, 'MATCH', match, 'COUNT', SCAN_COUNT);
      cursor = next;
      await Promise.all(keys.map((key) => this.redis.pexpire(key, KEYS_TTL_MS)));
    } while (cursor !== '0');
  }

  private connect(): Redis {
    const redis = new Redis(this.options.url, {
      connectionName: 'legato-webhooks',
      maxRetriesPerRequest: null,
      disableClientInfo: true,
    });
    redis.on('error', this.note);
    return redis;
  }

  private readonly note = (error: Error): void => {
    const { webhookId, log } = this.options;
    log.debug('a webhook queue waits for Redis', { webhook_id: webhookId, reason: error.message });
  };
}
