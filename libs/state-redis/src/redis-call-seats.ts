import type { CallSeats } from '@legato/b2bua';
import type { Clock } from '@legato/kernel';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';

/**
 * The seats of an account in Redis: a sorted set of calls by the wall time at which a seat is free again by itself. Each command
 * may be carried out twice. Of calls that come for the last seat at the same moment one at most gets it.
 */
export class RedisCallSeats implements CallSeats {
  constructor(
    private readonly options: { readonly link: RedisLink; readonly keys: RedisKeys; readonly clock: Clock },
  ) {}

  async take(account: string, callId: string, most: number, heldMs: number): Promise<boolean> {
    const { link, keys, clock } = this.options;
    const key = keys.seats(account);
    const now = clock.wallTime();
    const [, , , count] = (await link.send('ZADD', (redis) =>
      Promise.all([
        redis.zremrangebyscore(key, 0, now),
        redis.zadd(key, now + heldMs, callId),
        redis.pexpire(key, heldMs),
        redis.zcard(key),
      ]),
    )) as [number, number, number, number];
    if (count <= most) return true;
    await this.giveBack(account, callId);
    return false;
  }

  async giveBack(account: string, callId: string): Promise<void> {
    const { link, keys } = this.options;
    await link.send('ZREM', (redis) => redis.zrem(keys.seats(account), callId));
  }
}
