import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, systemClock } from '@legato/kernel';
import type { RedisState } from '@legato/state-redis';
import { createRedisState } from '@legato/state-redis';
import { EventCollector, RedisServer, callEvent, callWrite, registeredBinding } from '@legato/testing';

const DEPLOY = join(__dirname, '../../deploy/redis');

describe('Redis as deploy/redis sets it up', () => {
  let folder: string;
  let server: RedisServer;
  const opened: RedisState[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'legato-acl-'));
    const users = readFileSync(join(DEPLOY, 'users.conf'), 'utf8').replace(
      /^(user .*)<password>/m,
      '$1from-the-test',
    );
    const configFile = join(folder, 'redis.conf');
    // The test itself needs more rights than Legato.
    const more = users.replace('user default off', 'user default on nopass ~* +@all');
    writeFileSync(configFile, `include ${join(DEPLOY, 'redis.conf')}\n${more}`);
    server = await RedisServer.start({ configFile });
  });

  afterAll(async () => {
    for (const state of opened) await state.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(nodeId: string): Promise<RedisState> {
    const url = `redis://legato:from-the-test@127.0.0.1:${server.port}`;
    const state = await createRedisState({ url, nodeId, clock: systemClock, log: silentLog, leaseMs: 200 });
    opened.push(state);
    await state.calls.register(nodeId);
    return state;
  }

  it('gives the user of Legato the rights for all that it does, and Legato asks for no others', async () => {
    const a = await open('a');
    const b = await open('b');
    const collector = new EventCollector();
    const stop = a.events.subscribe('', collector.take);
    await a.calls.write(callWrite('c1', { events: [callEvent('c1', 1)] }));
    await a.calls.write(callWrite('c2', { ended: true, ttlMs: 20 }));
    await a.events.append([callEvent('node_a', 1)]);
    await collector.first(2);
    stop();
    await a.calls.load('c1');
    await a.calls.list({ limit: 10 });
    expect(await b.calls.fence('a')).toBe(false);
    expect(await b.calls.fence('a', { force: true })).toBe(true);
    expect(await b.calls.claim('a')).toHaveLength(1);
    await b.calls.reassert([callWrite('c1', { expectedVersion: 1, generation: 2 })]);
    expect(await b.calls.peers()).toHaveLength(1);
    const { registrations } = b;
    const now = Date.now();
    const bindings = [registeredBinding('sip:a@192.0.2.2', now, { expiresAt: now - 1 })];
    const register = {
      aor: 'sip:a@x',
      expectedVersion: 0,
      opId: '1',
      bindings,
      sequence: 1,
      events: [],
      now,
    };
    expect(await registrations.write(register)).toMatchObject({ status: 'stored' });
    expect(await registrations.load('sip:a@x')).toBeDefined();
    expect((await registrations.list({ limit: 10 })).records).toHaveLength(1);
    expect(await registrations.count()).toBe(1);
    expect(await registrations.due(now, 10)).toHaveLength(1);
    await registrations.write({ ...register, expectedVersion: 1, opId: '2', bindings: [] });
    expect(await b.ping()).toBe(true);
    // A few heartbeats, with something to tidy.
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await b.calls.load('c2')).toBeUndefined();
    expect(await server.command('ACL', 'LOG')).toEqual([]);
  });

  it('keeps every acknowledged write and never evicts', async () => {
    expect(await server.command('CONFIG', 'GET', 'maxmemory-policy')).toContain('noeviction');
    expect(await server.command('CONFIG', 'GET', 'appendfsync')).toContain('everysec');
    expect(readFileSync(join(DEPLOY, 'redis.conf'), 'utf8')).toMatch(/^appendonly yes$/m);
  });
});
