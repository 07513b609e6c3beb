import { silentLog, systemClock } from '@legato/kernel';
import type { RedisState } from '@legato/state-redis';
import { createRedisState } from '@legato/state-redis';
import { CONTRACT_MAX_DOCUMENTS, describeDocumentStore, RedisServer } from '@legato/testing';

let server: RedisServer;

const open = (): Promise<RedisState> =>
  createRedisState({
    url: server.url,
    nodeId: 'a',
    clock: systemClock,
    log: silentLog,
    deadlineMs: 2_000,
    maxDocuments: CONTRACT_MAX_DOCUMENTS,
  });

beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.stop());

describeDocumentStore('in Redis', async () => {
  const state = await open();
  return {
    store: state.documents,
    async close() {
      const immortal = (await server.keys()).filter(({ ttlMs }) => ttlMs <= 0);
      await state.close();
      await server.command('FLUSHALL');
      expect(immortal).toEqual([]);
    },
  };
});
