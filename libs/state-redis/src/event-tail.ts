import type { Clock, Log, Timer } from '@legato/kernel';
import { Redis } from 'ioredis';
import { redisAddress } from './redis-address';
import type { StreamEntry } from './stream-entry';

export interface EventTailOptions {
  readonly url: string;
  readonly connectionName: string;
  readonly stream: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onEntries: (entries: readonly StreamEntry[]) => void;
}

const BLOCK_MS = 2_000;
const BATCH = 500;
const RETRY_MS = 100;

/**
 * Follows the end of a stream on a connection of its own, because a blocking read keeps others waiting.
 * It remembers the last entry that it has seen, so a broken connection neither loses nor repeats one.
 */
export class EventTail {
  private redis: Redis | undefined;
  private retry: Timer | undefined;
  private last: string;

  constructor(
    private readonly options: EventTailOptions,
    from: string,
  ) {
    this.last = from;
  }

  /** The last entry that was handed out. */
  get position(): string {
    return this.last;
  }

  start(): void {
    if (this.redis) return;
    const redis = new Redis(this.options.url, {
      connectionName: this.options.connectionName,
      maxRetriesPerRequest: null,
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      connectTimeout: 2_000,
      disconnectTimeout: 500,
      disableClientInfo: true,
      // Longer than a read blocks: a peer that does not even answer that is gone.
      socketTimeout: BLOCK_MS * 2,
      retryStrategy: (times) => Math.min(times * 50, 500),
    });
    this.redis = redis;
    redis.on('error', (error: Error) => {
      const address = redisAddress(this.options.url);
      this.options.log.debug('the event reader lost Redis', { address, reason: error.message });
    });
    redis.on('ready', () => this.read(redis));
  }

  stop(): void {
    this.retry?.cancel();
    this.redis?.disconnect();
    this.redis = undefined;
  }

  private read(redis: Redis): void {
    const { stream } = this.options;
    redis.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', stream, this.last).then(
      (streams) => {
        if (this.redis !== redis) return;
        this.take(streams?.[0]?.[1] ?? []);
        this.read(redis);
      },
      (error: Error) => this.failed(redis, error),
    );
  }

  private take(entries: readonly StreamEntry[]): void {
    const newest = entries.at(-1);
    if (!newest) return;
    this.last = newest[0];
    this.options.onEntries(entries);
  }

  /** A new connection reads by itself; only an error that left it standing needs another try. */
  private failed(redis: Redis, error: Error): void {
    if (this.redis !== redis || error.name !== 'ReplyError') return;
    this.options.log.warn('the event reader was refused', { reason: error.message });
    this.retry = this.options.clock.schedule(RETRY_MS, () => {
      if (this.redis === redis && redis.status === 'ready') this.read(redis);
    });
  }
}
