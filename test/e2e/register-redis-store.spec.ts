import { silentLog, systemClock } from '@legato/kernel';
import type { RedisState } from '@legato/state-redis';
import { createRedisState } from '@legato/state-redis';
import {
  CONTRACT_MAX_REGISTRATIONS,
  describeRegistrationStore,
  registeredBinding,
  RedisServer,
} from '@legato/testing';
import { eventually } from './support/eventually';

let server: RedisServer;
const opened: RedisState[] = [];

async function open(nodeId: string): Promise<RedisState> {
  const state = await createRedisState({
    url: server.url,
    nodeId,
    clock: systemClock,
    log: silentLog,
    deadlineMs: 2_000,
    maxRegistrations: CONTRACT_MAX_REGISTRATIONS,
  });
  opened.push(state);
  return state;
}

async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((state) => state.close()));
  await server.command('FLUSHALL');
}

beforeAll(async () => {
  server = await RedisServer.start();
});

afterAll(() => server.stop());

describeRegistrationStore('Redis', async () => {
  const [a, b] = [await open('a'), await open('b')];
  return {
    store: a.registrations,
    other: b.registrations,
    events: a.events,
    now: () => Date.now(),
    close: closeAll,
  };
});

describe('bindings in Redis', () => {
  afterEach(closeAll);

  const write = (aor: string, opId: string, expectedVersion: number, contacts: readonly string[]) => {
    const now = Date.now();
    const bindings = contacts.map((contact) => registeredBinding(contact, now));
    return { aor, opId, expectedVersion, bindings, sequence: 1, events: [], now };
  };

  it('stand under keys that all have a time to live', async () => {
    const { registrations } = await open('a');
    await registrations.write(write('sip:a@x', '1', 0, ['sip:a@192.0.2.2']));
    await registrations.write(write('sip:b@x', '2', 0, ['sip:b@192.0.2.2']));
    await registrations.write(write('sip:b@x', '3', 1, []));
    const keys = await server.keys();
    expect(keys.filter(({ ttlMs }) => ttlMs <= 0 && ttlMs !== -2)).toEqual([]);
    expect(keys.map(({ key }) => key).sort()).toEqual([
      'legato:registration:sip:a@x',
      'legato:registration:sip:b@x',
      'legato:registrations',
      'legato:registrations:due',
    ]);
  });

  it('are forgotten by the indexes when Redis let go of them', async () => {
    const { registrations } = await open('a');
    await registrations.write(write('sip:a@x', '1', 0, ['sip:a@192.0.2.2']));
    await server.command('DEL', 'legato:registration:sip:a@x');
    expect(await registrations.list({ limit: 10 })).toEqual({ records: [] });
    expect(await registrations.due(Date.now() + 3_600_000, 10)).toEqual([]);
    expect(await registrations.count()).toBe(0);
  });

  it('outlive the Redis that was killed, if it keeps an append-only file', async () => {
    const durable = await RedisServer.start({ appendOnly: true });
    const state = await createRedisState({
      url: durable.url,
      nodeId: 'a',
      clock: systemClock,
      log: silentLog,
    });
    try {
      await state.registrations.write(write('sip:a@x', '1', 0, ['sip:a@192.0.2.2']));
      await durable.restart();
      const record = await eventually('Redis is back', () => state.registrations.load('sip:a@x'));
      expect(record.bindings).toHaveLength(1);
    } finally {
      await state.close();
      await durable.stop();
    }
  });
});
