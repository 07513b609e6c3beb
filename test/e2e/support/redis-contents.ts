import type { RedisServer } from '@legato/testing';

/** How each type of key is read whole. */
const READ: Readonly<Record<string, (key: string) => [string, ...string[]]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  stream: (key) => ['XRANGE', key, '-', '+'],
  zset: (key) => ['ZRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
};

/** Everything that a Redis holds, names and values, as one text to search. */
export async function redisContents(redis: RedisServer): Promise<string> {
  const keys = await redis.keys();
  const values = keys.map(async ({ key }) => {
    const type = String(await redis.command('TYPE', key));
    const command = READ[type]?.(key);
    if (!command) return type === 'none' ? '' : Promise.reject(new Error(`a ${type} is not read`));
    const [name, ...args] = command;
    return JSON.stringify([key, await redis.command(name, ...args)]);
  });
  return (await Promise.all(values)).join('\n');
}
