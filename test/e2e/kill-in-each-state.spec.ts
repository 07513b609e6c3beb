import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrashPoint } from '@legato/kernel';
import { RedisServer, workerPort } from '@legato/testing';
import type { ControlPlane, MediaServer } from './support/apps';
import { startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import type { Pair, Protocol } from './support/parties';
import {
  accept,
  acknowledge,
  answer,
  answerReinvite,
  bothEnd,
  hangUp,
  Parties,
  reinvite,
  ring,
  told,
} from './support/parties';
import { Rest } from './support/rest';

interface State {
  readonly name: string;
  readonly over: readonly Protocol[];
  /** How the call gets there. */
  readonly before: (pair: Pair) => Promise<unknown>;
  /** What a party does while nobody is there. */
  readonly meanwhile?: (pair: Pair) => void;
  readonly after: (pair: Pair) => Promise<unknown>;
  readonly reason: string;
}

const BOTH: readonly Protocol[] = ['UDP', 'TCP'];

async function talk(pair: Pair): Promise<void> {
  await ring(pair);
  await answer(pair);
  await acknowledge(pair);
}

async function answeredThenOver(pair: Pair): Promise<void> {
  await answer(pair);
  await acknowledge(pair);
  await hangUp(pair);
}

/** What one party says goes to the other, and its answer back. */
async function stillThere(pair: Pair): Promise<void> {
  pair.a.usage.request('INFO', 'are you there', {
    contentType: 'text/plain',
    bytes: Buffer.from('are you there'),
  });
  await told(pair.b, 'request INFO');
  pair.b.usage.respond(pair.b.last('request').transactionKey, 200);
  await told(pair.a, 'answered INFO 200');
  await hangUp(pair);
}

const STATES: readonly State[] = [
  { name: 'the callee is ringing', over: BOTH, before: ring, after: answeredThenOver, reason: 'completed' },
  {
    name: 'the callee answers meanwhile',
    over: ['UDP'],
    before: ring,
    meanwhile: accept,
    after: async (pair) => {
      await told(pair.a, 'accepted INVITE');
      await acknowledge(pair);
      await hangUp(pair);
    },
    reason: 'completed',
  },
  {
    name: 'the callee refuses meanwhile',
    over: ['UDP'],
    before: ring,
    meanwhile: ({ b }) => b.usage.refuse(486),
    after: ({ a }) => told(a, 'refused INVITE 486'),
    reason: 'busy',
  },
  {
    name: 'the caller cancels meanwhile',
    over: ['UDP'],
    before: ring,
    meanwhile: ({ a }) => a.usage.cancel(),
    after: async ({ a, b }) => {
      await told(b, 'cancelled');
      await told(a, 'refused INVITE 487');
    },
    reason: 'canceled',
  },
  {
    name: 'the caller has not acknowledged yet',
    over: BOTH,
    before: async (pair) => {
      await ring(pair);
      await answer(pair);
    },
    after: async (pair) => {
      await acknowledge(pair);
      await hangUp(pair);
    },
    reason: 'completed',
  },
  {
    name: 'both have been talking',
    over: BOTH,
    before: talk,
    after: stillThere,
    reason: 'completed',
  },
  {
    name: 'a re-INVITE is under way',
    over: ['UDP'],
    before: async (pair) => {
      await talk(pair);
      await reinvite(pair);
    },
    after: async (pair) => {
      await told(pair.a, 'refused re-INVITE 503');
      answerReinvite(pair.b);
      await told(pair.b, 'acknowledged re-INVITE');
      await stillThere(pair);
    },
    reason: 'completed',
  },
  {
    name: 'a party hangs up meanwhile',
    over: ['UDP'],
    before: talk,
    meanwhile: ({ a }) => a.usage.bye(),
    after: bothEnd,
    reason: 'completed',
  },
];

/** kill -9 while calls are in each of their states; the same node starts again with the same Redis. */
describe('a control plane that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-states-'));
  const parties: Partial<Record<Protocol, Parties>> = {};
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let rest: Rest;
  let env: Record<string, string>;
  let records = 0;

  beforeAll(async () => {
    [redis, media] = await Promise.all([
      RedisServer.start(),
      startMediaServer({ LEGATO_MS_RECORDINGS_DIR: folder }),
    ]);
    for (const protocol of BOTH) parties[protocol] = await Parties.open(protocol);
    const routes = BOTH.map((protocol) => ({
      number: protocol,
      to: parties[protocol]?.uri ?? '',
      mode: 'direct',
      record: false,
    }));
    const file = join(folder, 'routes.json');
    writeFileSync(file, JSON.stringify({ routes }));
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: file,
    };
  }, 60_000);

  afterAll(async () => {
    for (const each of Object.values(parties)) await each.close();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function start(crashAt?: CrashPoint): Promise<void> {
    const armed: Record<string, string> =
      crashAt === undefined ? {} : { NODE_ENV: 'test', LEGATO_CRASH_AT: crashAt };
    control = await startControlPlane({ ...env, ...armed });
    rest = new Rest(control.http);
  }

  const dead = () => control.child.exitWithin(20_000);

  function partiesOver(protocol: Protocol): Parties {
    const found = parties[protocol];
    if (!found) throw new Error(`nobody speaks ${protocol}`);
    return found;
  }

  function call(protocol: Protocol): Promise<Pair> {
    const who = partiesOver(protocol);
    return who.reached(who.call(protocol, control.sipPort));
  }

  /** Each call that has ended since the last look: why. Nothing but what ended calls leave is in the store. */
  async function endedSince(count: number): Promise<string[]> {
    const page = await eventually(`${count} more calls have ended`, async () => {
      const { data } = await rest.get<{ data: { call_id: string; ended_reason: string }[] }>(
        '/v1/cdrs?limit=1000',
      );
      return data.length >= records + count && data;
    });
    const since = page.slice(records);
    records = page.length;
    for (const { call_id } of since) {
      const types = await rest.eventTypes(call_id);
      expect(types.filter((type) => type === 'call.ended')).toEqual(['call.ended']);
      expect(types).toContain('call.recovered');
    }
    expect((await redis.keys()).filter(({ key }) => key.includes('own:'))).toEqual([]);
    expect(page).toHaveLength(new Set(page.map(({ call_id }) => call_id)).size);
    return since.map(({ ended_reason }) => ended_reason).sort();
  }

  it('between the write and what it let go: nobody is rung twice, nobody waits for ever', async () => {
    await start('INVITE unsent');
    const udp = partiesOver('UDP');
    const waiting = udp.reached(udp.call('UDP', control.sipPort));
    await dead();
    // Each process is killed by the call after the one that it takes up.
    await start('CANCEL unsent');
    const first = await waiting;
    await ring(first);
    await answeredThenOver(first);
    expect(await endedSince(1)).toEqual(['completed']);

    const cancelled = await call('UDP');
    await ring(cancelled);
    cancelled.a.usage.cancel();
    await dead();
    await start('ACK unsent');
    await told(cancelled.b, 'cancelled');
    await told(cancelled.a, 'refused INVITE 487');
    expect(await endedSince(1)).toEqual(['canceled']);

    const pair = await call('UDP');
    await ring(pair);
    // What one turn lets go leaves together: nothing of it has left either.
    const accepted = answer(pair);
    await dead();
    await start('BYE unsent');
    await accepted;
    await acknowledge(pair);
    pair.a.usage.bye();
    await dead();
    await start('final answer unsent');
    await bothEnd(pair);
    expect(pair.b.told).toContain('bye');
    expect(await endedSince(1)).toEqual(['completed']);

    const answered = await call('UDP');
    await ring(answered);
    const told200 = answer(answered);
    await dead();
    await start();
    await told200;
    await acknowledge(answered);
    await hangUp(answered);
    expect(await endedSince(1)).toEqual(['completed']);
    expect(udp.calls).toBe(4);
  }, 120_000);

  it('lets each call go on from where it was, or end', async () => {
    const rows = STATES.flatMap((state) => state.over.map((protocol) => ({ state, protocol })));
    const before = BOTH.map((protocol) => partiesOver(protocol).calls);
    const calls: { state: State; pair: Pair }[] = [];
    for (const { state, protocol } of rows) {
      const pair = await call(protocol);
      await state.before(pair);
      calls.push({ state, pair });
    }
    control.child.kill('SIGKILL');
    await dead();
    for (const { state, pair } of calls) state.meanwhile?.(pair);
    await start();
    await Promise.all(
      calls.map(({ state, pair }) =>
        state.after(pair).catch((error: unknown) => {
          throw new Error(
            `${state.name}: a heard ${pair.a.told.join(', ')}; b heard ${pair.b.told.join(', ')}`,
            {
              cause: error,
            },
          );
        }),
      ),
    );
    expect(await endedSince(rows.length)).toEqual(rows.map(({ state }) => state.reason).sort());
    // A copy of an INVITE makes no phone ring again.
    const over = (protocol: Protocol) => rows.filter((row) => row.protocol === protocol).length;
    const after = BOTH.map((protocol) => partiesOver(protocol).calls);
    expect(after).toEqual(BOTH.map((protocol, index) => (before[index] ?? 0) + over(protocol)));
  }, 120_000);

  it('leaves a call in peace that it was moving to the media server', async () => {
    const pair = await call('UDP');
    await talk(pair);
    const { id } = await rest.call(['in_progress']);
    await rest.post(`/v1/calls/${id}/recordings`, { channels: 'dual' });
    await told(pair.a, 're-INVITE');
    control.child.kill('SIGKILL');
    await dead();
    partiesOver('UDP').takeReinvites();
    answerReinvite(pair.a);
    await start();
    await rest.until(`/v1/calls/${id}`, ['in_progress']);
    await hangUp(pair);
    expect(await endedSince(1)).toEqual(['completed']);
  }, 60_000);
});
