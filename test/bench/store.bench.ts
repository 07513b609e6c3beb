import type { CallStore, CallWrite } from '@legato/b2bua';
import { MemoryCallStore, MemoryEventLog } from '@legato/b2bua';
import { silentLog, systemClock } from '@legato/kernel';
import { createRedisState } from '@legato/state-redis';
import { RedisServer, callEvent, callWrite } from '@legato/testing';

/** What writing calls costs on one core of this machine. */
export interface StoreFigures {
  readonly store: 'memory' | 'redis';
  /** Writes under way at once. */
  readonly concurrency: number;
  readonly writesPerSecond: number;
  /** CPU time of this process per write. */
  readonly cpuMicrosPerWrite: number;
  /** From the call of `write` to its answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface StoreBenchOptions {
  /** Writes of each measurement (default 20,000). */
  writes?: number;
  /** Length of the state text (default 1,200, as of a bridged call). */
  stateBytes?: number;
}

/** Writes of a call: its creation, two changes, its end. */
const WRITES_PER_CALL = 4;

/** Calls that are written side by side, each write after the one before it. Memory, and a Redis with an append-only file. */
export async function storeBench(options: StoreBenchOptions = {}): Promise<StoreFigures[]> {
  const { writes = 20_000, stateBytes = 1_200 } = options;
  const state = JSON.stringify('x'.repeat(stateBytes));
  const figures: StoreFigures[] = [await measureMemory(writes, state)];
  const server = await RedisServer.start({ appendOnly: true });
  try {
    for (const concurrency of [1, 32, 256])
      figures.push(await measureRedis(server, writes, concurrency, state));
  } finally {
    await server.stop();
  }
  return figures;
}

async function measureMemory(writes: number, state: string): Promise<StoreFigures> {
  const events = new MemoryEventLog({ clock: systemClock });
  const store = new MemoryCallStore({ clock: systemClock, events });
  await store.register('bench');
  await run(store, writes, 1, state);
  return { store: 'memory', concurrency: 1, ...(await run(store, writes, 1, state)) };
}

async function measureRedis(server: RedisServer, writes: number, concurrency: number, state: string) {
  const redis = await createRedisState({
    url: server.url,
    nodeId: 'bench',
    clock: systemClock,
    log: silentLog,
    deadlineMs: 10_000,
  });
  await redis.calls.register('bench');
  try {
    await run(redis.calls, Math.ceil(writes / 4), concurrency, state);
    return { store: 'redis' as const, concurrency, ...(await run(redis.calls, writes, concurrency, state)) };
  } finally {
    await redis.close();
  }
}

let runs = 0;

async function run(store: CallStore, writes: number, concurrency: number, state: string) {
  runs += 1;
  const perWorker = Math.ceil(writes / concurrency);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const began = performance.now();
  const workers = Array.from({ length: concurrency }, (_, n) =>
    worker(store, `run${runs}-${n}`, perWorker, state, times),
  );
  await Promise.all(workers);
  const tookMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  const at = (share: number) => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(3));
  return {
    writesPerSecond: Math.round((times.length * 1000) / tookMs),
    cpuMicrosPerWrite: Number(((user + system) / times.length).toFixed(1)),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

async function worker(store: CallStore, name: string, writes: number, state: string, times: number[]) {
  for (let i = 0; i < writes; i++) {
    const write = nextWrite(name, i, state);
    const began = performance.now();
    const outcome = store.write(write);
    const { status } = outcome instanceof Promise ? await outcome : outcome;
    times.push(performance.now() - began);
    if (status !== 'stored') throw new Error(`${write.id} was not stored: ${status}`);
  }
}

function nextWrite(name: string, i: number, state: string): CallWrite {
  const version = i % WRITES_PER_CALL;
  const id = `${name}-${Math.floor(i / WRITES_PER_CALL)}`;
  const ended = version === WRITES_PER_CALL - 1;
  const events = version === 0 || ended ? [callEvent(id, version + 1)] : [];
  return callWrite(id, { expectedVersion: version, state, events, ended, ttlMs: ended ? 1_000 : 60_000 });
}
