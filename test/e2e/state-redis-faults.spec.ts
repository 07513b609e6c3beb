import type { WriteOutcome } from '@legato/b2bua';
import { StoreUnavailable } from '@legato/b2bua';
import type { Log } from '@legato/kernel';
import { silentLog, systemClock } from '@legato/kernel';
import type { OwnershipChange, RedisState, RedisStateOptions } from '@legato/state-redis';
import { createRedisState } from '@legato/state-redis';
import { EventCollector, RedisServer, callEvent, callWrite } from '@legato/testing';
import { CuttingProxy } from './support/cutting-proxy';

const LEASE_MS = 400;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits for something that happens on its own time; the test's own deadline ends it. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(10);
}

const opened: { close(): Promise<void> }[] = [];
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => void rejections.push(reason);

beforeAll(() => void process.on('unhandledRejection', onRejection));

afterAll(() => void process.off('unhandledRejection', onRejection));

afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(rejections.splice(0)).toEqual([]);
});

/** An error as a log or a terminal shows it. */
const text = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error');

async function start(options: Parameters<typeof RedisServer.start>[0] = {}): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  opened.push({ close: () => server.stop() });
  return server;
}

async function open(nodeId: string, given: Partial<RedisStateOptions> & { url: string }) {
  const changes: OwnershipChange[] = [];
  const state = await createRedisState({
    nodeId,
    clock: systemClock,
    log: silentLog,
    leaseMs: LEASE_MS,
    onOwnership: (change) => changes.push(change),
    ...given,
  });
  opened.push(state);
  await state.calls.register(nodeId);
  return { ...state, changes };
}

async function openThroughProxy(server: RedisServer) {
  const proxy = await CuttingProxy.start(server.port);
  opened.push({ close: () => proxy.stop() });
  const a = await open('a', { url: `redis://127.0.0.1:${proxy.port}`, deadlineMs: 1_000 });
  return { proxy, a };
}

async function writeCalls(state: RedisState, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await state.calls.write(callWrite(`c${i}`, { state: `"first ${i}"`, events: [callEvent(`c${i}`, 1)] }));
  }
}

describe('Redis is killed and comes back', () => {
  it('loses no acknowledged write with an append-only file, and writes in between wait', async () => {
    const server = await start({ appendOnly: true });
    // Waiting for a connection has its own limit, beyond that of an answer.
    const deadlineMs = 500;
    const a = await open('a', { url: server.url, deadlineMs, outageMs: 30_000 });
    await writeCalls(a, 20);
    await server.kill();
    await until(() => a.counters.connectionErrors > 0);
    const waiting = Array.from({ length: 20 }, (_, i) =>
      a.calls.write(callWrite(`c${i}`, { expectedVersion: 1, events: [callEvent(`c${i}`, 2)] })),
    );
    const cutAt = systemClock.now();
    await until(() => systemClock.now() > cutAt + 2 * deadlineMs);
    await server.restart();
    expect(await Promise.all(waiting)).toEqual(Array(20).fill({ status: 'stored', version: 2 }));
    const { events } = await a.events.read('', 100);
    expect(events).toHaveLength(40);
    expect(a.counters.connections).toBe(2);
  });

  it('is told about, because the last second may be lost', async () => {
    const server = await start({ appendOnly: true });
    const a = await open('a', { url: server.url });
    await server.restart();
    await until(() => a.changes.length > 0);
    expect(a.changes).toEqual(['regressed']);
  });

  it('holds everything again when it came back empty, once the owner has asserted it (I12)', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    await writeCalls(a, 20);
    await server.restart();
    await until(() => a.changes.includes('regressed'));
    expect((await a.calls.list({ limit: 50 })).records).toEqual([]);
    const writes = Array.from({ length: 20 }, (_, i) => callWrite(`c${i}`, { expectedVersion: 1 }));
    const outcomes = await a.calls.reassert(writes);
    expect(outcomes).toEqual(Array(20).fill({ status: 'stored', version: 2 }));
    const b = await open('b', { url: server.url });
    await b.calls.fence('a', { force: true });
    expect(await b.calls.claim('a')).toHaveLength(20);
  });

  it('takes the next write of the owner when it came back with an older copy of the call', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    await a.calls.write(callWrite('c1'));
    for (let version = 1; version < 5; version++) {
      await a.calls.write(callWrite('c1', { expectedVersion: version }));
    }
    // As a replica that had not heard of the last two writes and is the master now.
    await server.command('HSET', 'legato:call:c1', 'v', 3, 's', '"old"', 'op', 'old');
    const write = callWrite('c1', { expectedVersion: 5, state: '"new"' });
    expect(await a.calls.write(write)).toEqual({ status: 'stored', version: 6 });
    expect(await a.calls.load('c1')).toMatchObject({ version: 6, state: '"new"' });
  });

  it('rejects with StoreUnavailable what waited for longer than an outage may last', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, outageMs: 300 });
    await server.kill();
    const startedAt = performance.now();
    await expect(a.calls.write(callWrite('c1'))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(performance.now() - startedAt).toBeGreaterThan(250);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await expect(a.calls.load('c1')).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(a.events.append([callEvent('c1', 1)])).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await a.ping()).toBe(false);
    await server.restart();
    await until(() => a.ping());
    expect(await a.calls.write(callWrite('c1'))).toEqual({ status: 'stored', version: 1 });
  });

  it('does not carry out later what was given up while it was down', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, outageMs: 300 });
    await server.kill();
    await expect(a.calls.write(callWrite('c1'))).rejects.toBeInstanceOf(StoreUnavailable);
    await server.restart();
    await until(() => a.ping());
    expect(await a.calls.load('c1')).toBeUndefined();
  });

  it('keeps a bounded number of writes waiting', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, outageMs: 500, maxPending: 10 });
    await server.kill();
    const writes = Array.from({ length: 15 }, (_, i) =>
      a.calls.write(callWrite(`c${i}`)).catch((error: Error) => error),
    );
    const refused = await Promise.all(writes.slice(10));
    expect(refused.every((error) => error instanceof StoreUnavailable)).toBe(true);
    expect(a.counters.overflowed).toBe(5);
    await Promise.all(writes);
  });

  it('settles everything that waits when the node closes meanwhile', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, outageMs: 60_000 });
    await server.kill();
    await until(() => a.counters.connectionErrors > 0);
    const write = a.calls.write(callWrite('c1'));
    const closed = a.close();
    await expect(write).rejects.toBeInstanceOf(StoreUnavailable);
    await closed;
  });
});

describe('an answer is lost', () => {
  it('and the write is sent again and found done, its events once in the log', async () => {
    const server = await start();
    const { proxy, a } = await openThroughProxy(server);
    await a.calls.write(callWrite('c1'));
    proxy.withholdAnswers();
    const write = a.calls.write(callWrite('c1', { expectedVersion: 1, events: [callEvent('c1', 1)] }));
    await until(async () => Number(await server.command('HGET', 'legato:call:c1', 'v')) === 2);
    proxy.cut();
    expect(await write).toEqual({ status: 'stored', version: 2 });
    expect(a.counters.repeatedWrites).toBe(1);
    expect((await a.events.read('', 10)).events).toHaveLength(1);
  });

  it('and a call that was ended by it is ended by another write, its detail record once in the log', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, deadlineMs: 100 });
    await a.calls.write(callWrite('c1'));
    const end = () => a.calls.write(callWrite('c1', { expectedVersion: 1, ended: true, cdr: '"c1"' }));
    await server.command('CLIENT', 'PAUSE', 400, 'ALL');
    await expect(end()).rejects.toBeInstanceOf(StoreUnavailable);
    await until(async () => Number(await server.command('HGET', 'legato:call:c1', 'v')) === 2);
    expect(await end()).toEqual({ status: 'stored', version: 3 });
    expect((await a.cdrs.read('', 10)).cdrs).toMatchObject([{ cdr: '"c1"' }]);
  });

  it('and an append is sent again and not done twice', async () => {
    const server = await start();
    const { proxy, a } = await openThroughProxy(server);
    proxy.withholdAnswers();
    const append = a.events.append([callEvent('node_a', 1)]);
    await until(async () => Number(await server.command('XLEN', 'legato:events')) === 1);
    proxy.cut();
    await append;
    expect(a.counters.resent).toBeGreaterThan(0);
    expect((await a.events.read('', 10)).events).toHaveLength(1);
  });

  it('and a claim still gives out every call that it took over', async () => {
    const server = await start();
    const dead = await open('dead', { url: server.url });
    for (let i = 0; i < 150; i++) await dead.calls.write(callWrite(`c${i}`));
    const { proxy, a } = await openThroughProxy(server);
    await a.calls.fence('dead', { force: true });
    proxy.withholdAnswers();
    const claim = a.calls.claim('dead');
    await until(async () => Number(await server.command('SCARD', 'legato:own:a')) > 0);
    proxy.cut();
    const first = await claim.catch(() => []);
    const second = await a.calls.claim('dead');
    const ids = [...first, ...second].map((record) => record.id);
    expect(new Set(ids).size).toBe(150);
    expect(ids).toHaveLength(150);
  });
});

describe('Redis is slow', () => {
  it('makes a write reject at its deadline, and the same write find itself done later', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, deadlineMs: 150 });
    await a.calls.write(callWrite('c1'));
    await server.command('CLIENT', 'PAUSE', 2_000, 'ALL');
    const write = callWrite('c1', { expectedVersion: 1, events: [callEvent('c1', 1)] });
    const startedAt = performance.now();
    await expect(a.calls.write(write)).rejects.toThrow(/did not answer write within \d+ ms/);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    let outcome: WriteOutcome | undefined;
    while (!outcome) outcome = await Promise.resolve(a.calls.write(write)).catch(() => undefined);
    expect(outcome).toEqual({ status: 'stored', version: 2 });
    expect((await a.events.read('', 10)).events).toHaveLength(1);
  });

  it('lets the owner go on after writes whose fate it does not know, with each event once in the log', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, deadlineMs: 100 });
    await a.calls.write(callWrite('c1'));
    const events = Array.from({ length: 4 }, (_, i) => callEvent('c1', i + 1));
    server.freeze();
    const next = (count: number) =>
      a.calls.write(
        callWrite('c1', { expectedVersion: 1, state: `"${count}"`, events: events.slice(0, count) }),
      );
    await expect(next(1)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(next(3)).rejects.toBeInstanceOf(StoreUnavailable);
    server.thaw();
    await until(() => a.ping());
    expect(await next(4)).toEqual({ status: 'stored', version: 4 });
    expect(await a.calls.load('c1')).toMatchObject({ version: 4, state: '"4"' });
    const { events: logged } = await a.events.read('', 10);
    expect(logged.map((event) => event.id)).toEqual(events.map((event) => event.id));
    expect(await a.calls.write(callWrite('c1', { expectedVersion: 4 }))).toEqual({
      status: 'stored',
      version: 5,
    });
    expect(await a.calls.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({
      status: 'version',
      actual: 5,
    });
  });

  it('lets the owner go on when the writes of unknown fate were never carried out', async () => {
    const server = await start({ appendOnly: true });
    const a = await open('a', { url: server.url, outageMs: 100 });
    await a.calls.write(callWrite('c1'));
    await server.kill();
    const event = callEvent('c1', 1);
    const write = callWrite('c1', { expectedVersion: 1, events: [event] });
    await expect(a.calls.write(write)).rejects.toBeInstanceOf(StoreUnavailable);
    await server.restart();
    await until(() => a.ping());
    const later = callWrite('c1', { expectedVersion: 1, events: [event, callEvent('c1', 2)] });
    expect(await a.calls.write(later)).toEqual({ status: 'stored', version: 2 });
    expect((await a.events.read('', 10)).events).toHaveLength(2);
  });

  it('causes no take-over when it hangs for longer than a lease', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    const b = await open('b', { url: server.url, deadlineMs: 5_000 });
    await a.calls.write(callWrite('c1'));
    for (let round = 0; round < 3; round++) {
      server.freeze();
      // Both of b's looks wait before a's next heartbeat does.
      const looks = [b.calls.fence('a'), b.calls.fence('a')];
      await pause(LEASE_MS * 1.5);
      server.thaw();
      expect(await Promise.all(looks)).toEqual([false, false]);
      await until(() => a.calls.leaseRemainingMs > 0);
      expect(await b.calls.claim('a')).toEqual([]);
    }
    expect(await a.calls.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({
      status: 'stored',
      version: 2,
    });
    expect(a.changes).toEqual([]);
  });

  it('ends a node’s right to begin anything by itself with its lease', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    expect(a.calls.leaseRemainingMs).toBeGreaterThan(0);
    server.freeze();
    await pause(LEASE_MS + 100);
    expect(a.calls.leaseRemainingMs).toBe(0);
    server.thaw();
    await until(() => a.calls.leaseRemainingMs > 0);
  });
});

describe('Redis is flushed', () => {
  it('and the owner is told within a heartbeat, loses nothing and stays the owner (I10, I12)', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    const b = await open('b', { url: server.url });
    await writeCalls(a, 10);
    for (let round = 1; round <= 3; round++) {
      await server.command('FLUSHALL');
      await until(() => a.changes.length === round);
      await a.calls.reassert(
        Array.from({ length: 10 }, (_, i) => callWrite(`c${i}`, { expectedVersion: round })),
      );
      expect(await b.calls.fence('a')).toBe(false);
      expect(await b.calls.claim('a')).toEqual([]);
    }
    expect(a.changes).toEqual(['regressed', 'regressed', 'regressed']);
    expect((await b.calls.list({ limit: 50 })).records).toHaveLength(10);
  });

  it('functions and all, and the next write loads them again', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    await server.command('FUNCTION', 'FLUSH');
    expect(await a.calls.write(callWrite('c1'))).toEqual({ status: 'stored', version: 1 });
  });
});

describe('a node falls silent', () => {
  it('and is fenced after its lease and a second look, not before', async () => {
    const server = await start();
    const { proxy, a } = await openThroughProxy(server);
    const b = await open('b', { url: server.url, suspectMs: 100 });
    await a.calls.write(callWrite('c1'));
    expect(await b.calls.fence('a')).toBe(false);
    expect(await b.calls.peers()).toContainEqual(
      expect.objectContaining({ nodeId: 'a', alive: true, fenced: false, liveCalls: 1 }),
    );
    // As a process that hangs: nothing that it sends arrives.
    proxy.withholdRequests();
    await until(async () => Number(await server.command('EXISTS', 'legato:lease:a')) === 0);
    expect(await b.calls.fence('a')).toBe(false);
    await until(() => b.calls.fence('a'));
    expect(await b.calls.claim('a')).toMatchObject([{ id: 'c1', generation: 2, owner: 'b' }]);
    expect((await b.calls.peers()).map((peer) => peer.nodeId)).not.toContain('a');
  });
});

describe('a node that was declared dead', () => {
  it('hears of it, writes nothing and can begin again under a new epoch', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    const b = await open('b', { url: server.url });
    await a.calls.write(callWrite('c1'));
    await b.calls.fence('a', { force: true });
    await until(() => a.changes.length > 0);
    expect(a.changes).toEqual(['fenced']);
    expect(a.calls.leaseRemainingMs).toBe(0);
    expect(await a.calls.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({ status: 'fenced' });
    await a.calls.register('a');
    expect(await a.calls.claim('a')).toMatchObject([{ id: 'c1', generation: 2 }]);
  });

  it('hears of a newer process under its id', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    const newer = await open('a', { url: server.url });
    await until(() => a.changes.length > 0);
    expect(a.changes).toEqual(['superseded']);
    expect(newer.changes).toEqual([]);
    expect(await newer.calls.write(callWrite('c1'))).toEqual({ status: 'stored', version: 1 });
  });
});

describe('a subscription', () => {
  it('loses nothing and repeats nothing over broken connections and a killed Redis', async () => {
    const server = await start({ appendOnly: true });
    const proxy = await CuttingProxy.start(server.port);
    opened.push({ close: () => proxy.stop() });
    const reader = await open('reader', { url: `redis://127.0.0.1:${proxy.port}` });
    const writer = await open('writer', { url: server.url });
    const collector = new EventCollector();
    const stop = reader.events.subscribe('', collector.take);
    const expected: string[] = [];
    for (let round = 0; round < 6; round++) {
      const events = Array.from({ length: 50 }, (_, i) => callEvent('call_1', round * 50 + i));
      for (const event of events) await writer.events.append([event]);
      expected.push(...events.map((event) => event.id));
      if (round === 3) await server.restart();
      else proxy.cut();
    }
    expect(await collector.first(300)).toEqual(expected);
    stop();
    await pause(50);
    expect(collector.events).toHaveLength(300);
  });

  it('that begins while events pour in gets each of them once, in order', async () => {
    const server = await start();
    const writer = await open('writer', { url: server.url });
    const reader = await open('reader', { url: server.url });
    const collectors: EventCollector[] = [];
    const stops: (() => void)[] = [];
    const expected: string[] = [];
    for (let i = 0; i < 2_000; i += 1) {
      const event = callEvent('call_1', i);
      expected.push(event.id);
      await writer.events.append([event]);
      if (i % 50 !== 0) continue;
      const collector = new EventCollector();
      collectors.push(collector);
      stops.push(reader.events.subscribe('', collector.take));
    }
    for (const collector of collectors) expect(await collector.first(2_000)).toEqual(expected);
    for (const stop of stops) stop();
    expect(collectors.map((collector) => collector.events.length)).toEqual(collectors.map(() => 2_000));
  });

  it('that has read further than the shared reader gets nothing twice from it', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    const first = new EventCollector();
    const stops = [a.events.subscribe('', first.take)];
    await a.events.append([callEvent('call_1', 1)]);
    await first.first(1);
    const clients = String(await server.command('CLIENT', 'LIST')).split('\n');
    const reader = clients.find((line) => line.includes('name=legato-a-events'));
    await server.command('CLIENT', 'KILL', 'ID', /^id=(\d+)/.exec(reader!)![1]!);
    for (let i = 2; i <= 20; i++) await a.events.append([callEvent('call_1', i)]);
    const second = new EventCollector();
    stops.push(a.events.subscribe('', second.take));
    await second.first(20);
    await first.first(20);
    await a.events.append([callEvent('call_1', 21)]);
    await Promise.all([first.first(21), second.first(21)]);
    for (const { events } of [first, second]) {
      expect(events.map((event) => event.sequence)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    }
    for (const stop of stops) stop();
  });

  it('does not ask again and again for events that are no longer kept', async () => {
    const server = await start();
    const a = await open('a', { url: server.url, leaseMs: 60_000 });
    const first = new EventCollector();
    const stops = [a.events.subscribe('', first.take)];
    await a.events.append([callEvent('call_1', 1)]);
    await first.first(1);
    await server.command('FLUSHALL');
    const before = a.counters.commands;
    const late = new EventCollector();
    stops.push(a.events.subscribe('', late.take));
    await pause(100);
    expect(a.counters.commands - before).toBeLessThan(5);
    await a.events.append([callEvent('call_1', 2)]);
    await late.first(1);
    for (const stop of stops) stop();
  });

  it('goes on after a flush', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    const collector = new EventCollector();
    const stop = a.events.subscribe('', collector.take);
    await a.events.append([callEvent('call_1', 1)]);
    await collector.first(1);
    await server.command('FLUSHALL');
    const late = new EventCollector();
    const stopLate = a.events.subscribe(collector.events[0]!.cursor, late.take);
    await a.events.append([callEvent('call_1', 2)]);
    await Promise.all([collector.first(2), late.first(1)]);
    stop();
    stopLate();
  });

  it('holds no connection once it is given up', async () => {
    const server = await start();
    const a = await open('a', { url: server.url });
    const readers = async () =>
      String(await server.command('CLIENT', 'LIST')).split('name=legato-a-events').length - 1;
    const stops = [a.events.subscribe('', () => undefined), a.events.subscribe('', () => undefined)];
    await until(async () => (await readers()) === 1);
    for (const stop of stops) stop();
    await until(async () => (await readers()) === 0);
  });
});

describe('Redis is not there at the start', () => {
  it('and that is said in one line after the deadline', async () => {
    const server = await RedisServer.start();
    await server.stop();
    const startedAt = performance.now();
    const error = await createRedisState({
      url: server.url,
      nodeId: 'a',
      clock: systemClock,
      log: silentLog,
      startMs: 400,
    }).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(text(error)).toMatch(
      new RegExp(
        `^StoreUnavailable: Redis at 127.0.0.1:${server.port} is not usable within 400 ms: .*ECONNREFUSED.*$`,
      ),
    );
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('and a URL that is none is refused without a word of what it says', async () => {
    for (const url of ['hunter2', 'http://:hunter2@host', 'redis://', '']) {
      const error = await createRedisState({ url, nodeId: 'a', clock: systemClock, log: silentLog }).catch(
        (reason: Error) => reason,
      );
      expect(error).toBeInstanceOf(RangeError);
      expect(text(error)).not.toContain('hunter2');
    }
  });
});

describe('the password of Redis', () => {
  it('is neither logged nor part of any error', async () => {
    const server = await start({ args: ['--requirepass', 'canary-right'] });
    const lines: string[] = [];
    const note = (message: string, fields?: unknown) =>
      void lines.push(message + JSON.stringify(fields ?? null));
    const log: Log = { debug: note, info: note, warn: note, error: note };
    const at = `127.0.0.1:${server.port}`;
    const wrong = await createRedisState({
      url: `redis://:canary-wrong@${at}`,
      nodeId: 'a',
      clock: systemClock,
      log,
      startMs: 300,
    }).catch((reason: Error) => reason);
    expect(text(wrong)).toMatch(/WRONGPASS/);
    const right = await open('a', { url: `redis://:canary-right@${at}`, log });
    await right.calls.write(callWrite('c1'));
    await server.restart();
    await until(() => right.ping());
    expect(lines.length).toBeGreaterThan(0);
    expect([...lines, text(wrong), JSON.stringify(wrong)].join('\n')).not.toContain('canary');
  });
});
