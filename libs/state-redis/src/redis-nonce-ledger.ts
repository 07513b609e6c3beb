import type { NonceLedger } from '@legato/b2bua';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';

const MEMBER = 'nc';

/**
 * Used nonces in Redis: a sorted set per nonce whose one score is the highest count that was used, so that all nodes see a replay.
 * It expires with the nonce. Both commands go out in one write; the second is enough after the first was carried out twice.
 */
export class RedisNonceLedger implements NonceLedger {
  constructor(private readonly options: { readonly link: RedisLink; readonly keys: RedisKeys }) {}

  /** Rejects with StoreUnavailable. An answer that was lost counts as used: its sender is given another nonce. */
  async use(nonceId: string, nc: number, expiresInMs: number): Promise<boolean> {
    const { link, keys } = this.options;
    const key = keys.nonce(nonceId);
    const [changed] = (await link.send('ZADD', (redis) =>
      Promise.all([
        redis.zadd(key, 'GT', 'CH', nc, MEMBER),
        redis.pexpire(key, Math.max(1, Math.ceil(expiresInMs))),
      ]),
    )) as [number, number];
    return changed === 1;
  }
}
