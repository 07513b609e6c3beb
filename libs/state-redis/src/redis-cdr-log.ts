import type { CdrLog, LoggedCdr } from '@legato/b2bua';
import type { RedisKeys } from './redis-keys';
import type { RedisLink } from './redis-link';
import { streamId } from './stream-id';

export interface RedisCdrLogOptions {
  readonly link: RedisLink;
  readonly keys: RedisKeys;
}

type Row = [cursor: string, fields: readonly string[]];

/** The call detail records in one Redis stream; they get there by the last write of their call. */
export class RedisCdrLog implements CdrLog {
  constructor(private readonly options: RedisCdrLogOptions) {}

  async read(after: string, limit: number): Promise<{ cdrs: LoggedCdr[]; next: string; hasMore: boolean }> {
    const { link, keys } = this.options;
    const wanted = Math.max(0, Math.floor(limit));
    const rows = (await link.send('XRANGE', (redis) =>
      redis.xrange(keys.cdrs, `(${streamId(after)}`, '+', 'COUNT', wanted + 1),
    )) as Row[];
    const cdrs = rows.slice(0, wanted).map(([cursor, [, cdr = '']]) => ({ cursor, cdr }));
    return { cdrs, next: cdrs.at(-1)?.cursor ?? after, hasMore: rows.length > cdrs.length };
  }
}
