import { silentLog, systemClock } from '@legato/kernel';
import type { RedisState } from '@legato/state-redis';
import { createRedisState } from '@legato/state-redis';
import { RedisServer, callEvent, callWrite, describeCallStore, describeEventLog } from '@legato/testing';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits for something that happens on its own time; the test's own deadline ends it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

let server: RedisServer;
const opened: RedisState[] = [];

async function open(nodeId: string): Promise<RedisState> {
  const state = await createRedisState({
    url: server.url,
    nodeId,
    clock: systemClock,
    log: silentLog,
    leaseMs: 400,
    deadlineMs: 2_000,
  });
  opened.push(state);
  return state;
}

beforeAll(async () => {
  server = await RedisServer.start();
});

afterAll(() => server.stop());

async function closeAll() {
  await Promise.all(opened.splice(0).map((state) => state.close()));
  await server.command('FLUSHALL');
}

describeCallStore('Redis', async () => {
  const observer = await open('observer');
  return {
    events: observer.events,
    cdrs: observer.cdrs,
    open: async () => (await open('node')).calls,
    fence: async (nodeId) => void (await observer.calls.fence(nodeId, { force: true })),
    flush: async () => void (await server.command('FLUSHALL')),
    elapse: pause,
    close: closeAll,
  };
});

describeEventLog('Redis', async () => {
  const state = await open('reader');
  return { log: state.events, close: closeAll };
});

describe('the keys in Redis', () => {
  afterEach(closeAll);

  it('all have a time to live, through the whole life of calls and nodes', async () => {
    const a = await open('a');
    const b = await open('b');
    await a.calls.register('a');
    await b.calls.register('b');
    const everyKeyDies = async () => {
      const keys = await server.keys();
      expect(keys.filter(({ ttlMs }) => ttlMs <= 0 && ttlMs !== -2)).toEqual([]);
      return keys.map(({ key }) => key);
    };
    await everyKeyDies();
    for (const id of ['c1', 'c2']) await a.calls.write(callWrite(id, { events: [callEvent(id, 1)] }));
    await a.events.append([callEvent('node_a', 1)]);
    const keys = await everyKeyDies();
    for (const name of ['call:c1', 'ids', 'expiry', 'events', 'own:a', 'node:a', 'lease:a', 'nodes']) {
      expect(keys).toContain(`legato:${name}`);
    }
    await b.calls.fence('a', { force: true });
    await b.calls.claim('a');
    await everyKeyDies();
    await b.calls.write(callWrite('c1', { expectedVersion: 1, generation: 2, ended: true, cdr: '{}' }));
    expect(await everyKeyDies()).toContain('legato:cdrs');
    await server.command('FLUSHALL');
    await b.calls.write(callWrite('c2', { expectedVersion: 1, generation: 2 }));
    await b.calls.fence('never-seen', { force: true });
    expect(await everyKeyDies()).toContain('legato:own:b');
  });

  it('of calls are gone once the calls are over and their time is', async () => {
    const a = await open('a');
    await a.calls.register('a');
    for (let i = 0; i < 20; i++) await a.calls.write(callWrite(`c${i}`, { ttlMs: 200 }));
    for (let i = 0; i < 20; i++) {
      await a.calls.write(callWrite(`c${i}`, { expectedVersion: 1, ended: true, ttlMs: 200 }));
    }
    const left = async () => (await server.keys()).map(({ key }) => key).sort();
    await until(async () => (await left()).length <= 3);
    expect(await left()).toEqual(['legato:lease:a', 'legato:node:a', 'legato:nodes']);
  });

  it('keep a call that was prolonged in the list and in its node’s set', async () => {
    const a = await open('a');
    const b = await open('b');
    await a.calls.register('a');
    await b.calls.register('b');
    await a.calls.write(callWrite('c1', { ttlMs: 500 }));
    await a.calls.write(callWrite('c1', { expectedVersion: 1, ttlMs: 60_000 }));
    await pause(800);
    expect((await b.calls.list({ limit: 10 })).records).toHaveLength(1);
    expect(Number(await server.command('PTTL', 'legato:ids'))).toBeGreaterThan(50_000);
    await b.calls.fence('a', { force: true });
    expect(await b.calls.peers()).toContainEqual(
      expect.objectContaining({ nodeId: 'a', alive: false, fenced: true, liveCalls: 1 }),
    );
    expect(await b.calls.claim('a')).toHaveLength(1);
  });

  it('count a call among the live ones of its node until it ends', async () => {
    const a = await open('a');
    await a.calls.register('a');
    const live = async () => (await a.calls.peers()).map((peer) => peer.liveCalls);
    await a.calls.write(callWrite('c1'));
    await a.calls.write(callWrite('c2'));
    expect(await live()).toEqual([2]);
    await a.calls.write(callWrite('c1', { expectedVersion: 1, ended: true }));
    expect(await live()).toEqual([1]);
  });

  it('stand under the prefix that was asked for', async () => {
    const state = await createRedisState({
      url: server.url,
      nodeId: 'a',
      clock: systemClock,
      log: silentLog,
      keyPrefix: 'other:',
    });
    opened.push(state);
    await state.calls.register('a');
    await state.calls.write(callWrite('c1', { events: [callEvent('c1', 1)] }));
    await state.events.append([callEvent('node_a', 1)]);
    const keys = await server.keys();
    expect(keys.filter(({ key }) => !key.startsWith('other:'))).toEqual([]);
    const second = await open('a');
    expect(await second.calls.load('c1')).toBeUndefined();
  });
});

describe('the event stream', () => {
  afterEach(closeAll);

  it('keeps about as many events as it is told', async () => {
    const state = await createRedisState({
      url: server.url,
      nodeId: 'a',
      clock: systemClock,
      log: silentLog,
      maxEvents: 100,
    });
    opened.push(state);
    for (let i = 0; i < 20; i++) {
      await state.events.append(Array.from({ length: 50 }, (_, n) => callEvent('node_a', i * 50 + n)));
    }
    expect(Number(await server.command('XLEN', 'legato:events'))).toBeLessThan(300);
  });

  it('is trimmed by age with each heartbeat', async () => {
    const state = await createRedisState({
      url: server.url,
      nodeId: 'a',
      clock: systemClock,
      log: silentLog,
      leaseMs: 400,
      eventsTtlMs: 300,
    });
    opened.push(state);
    await state.calls.register('a');
    // A trim by age drops whole nodes of the stream, of a hundred entries.
    await state.events.append(Array.from({ length: 150 }, (_, n) => callEvent('node_a', n)));
    await state.events.append([callEvent('node_a', 1000)]);
    await until(async () => Number(await server.command('XLEN', 'legato:events')) <= 51);
  });
});
