import { MemoryCallStore, MemoryCallTable, MemoryEventLog } from '@legato/b2bua';
import { silentLog, systemClock } from '@legato/kernel';
import { createRedisState } from '@legato/state-redis';
import type { OwnershipPlace } from '@legato/testing';
import { FakeClock, RedisServer, ownershipCommands, runOwnership } from '@legato/testing';
import * as fc from 'fast-check';

let server: RedisServer;

beforeAll(async () => {
  server = await RedisServer.start();
});

afterAll(() => server.stop());

function memoryPlace(): OwnershipPlace {
  const clock = new FakeClock();
  const table = new MemoryCallTable({ clock });
  const events = new MemoryEventLog({ clock });
  return {
    open: () => Promise.resolve(new MemoryCallStore({ clock, events, table })),
    fence: (nodeId) => Promise.resolve(table.fence(nodeId)),
    flush: () => Promise.resolve(table.clear()),
  };
}

async function redisPlace(): Promise<{ place: OwnershipPlace; close(): Promise<void> }> {
  const connect = () =>
    // No heartbeat falls into a run: what the nodes do is the history's alone.
    createRedisState({
      url: server.url,
      nodeId: 'x',
      clock: systemClock,
      log: silentLog,
      leaseMs: 600_000,
      deadlineMs: 5_000,
    });
  await server.command('FLUSHALL');
  const observer = await connect();
  const place = {
    open: async () => (await connect()).calls,
    fence: async (nodeId: string) => void (await observer.calls.fence(nodeId, { force: true })),
    flush: async () => void (await server.command('FLUSHALL')),
  };
  return { place, close: () => observer.close() };
}

describe('ownership in Redis', () => {
  it('follows the rules of the model, step by step (I1, I10, I12)', async () => {
    const property = fc.asyncProperty(ownershipCommands(50), async (history) => {
      const redis = await redisPlace();
      try {
        await runOwnership([memoryPlace(), redis.place], history);
      } finally {
        await redis.close();
      }
    });
    await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 20_000 });
  }, 60_000);
});
