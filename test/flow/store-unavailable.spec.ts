import type { CallWrite, WriteOutcome } from '@legato/b2bua';
import { StoreUnavailable } from '@legato/b2bua';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:1000@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');

/** Lets promises of the store settle. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a call whose store is away', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let outcome: 'ok' | 'away' | 'fenced';
  const writes: CallWrite[] = [];

  beforeEach(async () => {
    outcome = 'ok';
    writes.length = 0;
    world = await FlowWorld.start({
      routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } },
      onWrite: (write, store): WriteOutcome | Promise<WriteOutcome> => {
        writes.push(write);
        if (outcome === 'away') return Promise.reject(new StoreUnavailable('away'));
        return outcome === 'fenced' ? { status: 'fenced' } : store(write);
      },
    });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
  });

  function establish() {
    const dialog = caller.invite(URI, { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    return dialog;
  }

  it('is refused with 503 and Retry-After before its callee hears of it, and its record is ended later', async () => {
    outcome = 'away';
    caller.invite(URI, { text: OFFER });
    await settled();
    expect(caller.response(503).headers.get('Retry-After')).toBe('5');
    expect(callee.inbox).toEqual([]);
    outcome = 'ok';
    world.clock.advance(1_000);
    expect(writes.at(-1)).toMatchObject({ ended: true, expectedVersion: 0 });
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('is served from memory when it was established, and stored when the store is back', async () => {
    const dialog = establish();
    outcome = 'away';
    caller.within(dialog, 'INVITE', { text: audio('192.0.2.2', 4000, 'sendonly') });
    await settled();
    callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
    await settled();
    caller.response(200);
    caller.within(dialog, 'ACK');
    await settled();
    outcome = 'ok';
    const before = writes.length;
    world.clock.advance(1_000);
    expect(writes.length).toBeGreaterThan(before);
    expect(JSON.parse(writes.at(-1)?.state ?? '')).toMatchObject({ state: 'held' });
    expect((await world.eventTypes()).filter((type) => type === 'call.held')).toEqual(['call.held']);
  });

  it('ends in the store, too, when that comes back: once, with its record', async () => {
    const dialog = establish();
    outcome = 'away';
    caller.within(dialog, 'BYE');
    await settled();
    callee.respond(callee.request('BYE'), 200);
    await settled();
    for (let second = 0; second < 30; second += 1) {
      world.clock.advance(1_000);
      await settled();
    }
    expect(world.registry.size).toBe(0);
    expect(await world.records()).toEqual([]);
    outcome = 'ok';
    world.clock.advance(1_000);
    await settled();
    expect((await world.eventTypes()).filter((type) => type === 'call.ended')).toEqual(['call.ended']);
    expect(await world.records()).toMatchObject([{ ended_reason: 'completed' }]);
    world.clock.advance(10_000);
    expect(await world.records()).toHaveLength(1);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('is dropped without a byte when another node has taken it (invariant I5)', () => {
    const dialog = establish();
    caller.inbox.length = 0;
    outcome = 'fenced';
    caller.within(dialog, 'BYE');
    expect(callee.inbox).toEqual([]);
    expect(caller.inbox).toEqual([]);
    expect(world.registry.size).toBe(0);
    expect(world.core.dialogs.size).toBe(0);
  });
});

describe('a call whose store is a trip away', () => {
  const writes: CallWrite[] = [];
  let world: FlowWorld;
  let callee: FlowPeer;

  beforeEach(async () => {
    writes.length = 0;
    world = await FlowWorld.start({
      routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } },
      gatherMs: 20,
      onWrite: (write, store) => {
        writes.push(write);
        return store(write);
      },
    });
    callee = world.peer('bob', '192.0.2.3', 5060);
    world.peer('alice', '192.0.2.2', 5060).invite(URI, { text: OFFER });
  });

  it('has its ringing told with its answer when that comes at once', () => {
    const before = writes.length;
    const invite = callee.request('INVITE');
    callee.respond(invite, 180);
    expect(writes).toHaveLength(before);
    callee.respond(invite, 200, { text: ANSWER });
    expect(writes[before]?.events.map(({ type }) => type)).toEqual(['call.ringing', 'call.answered']);
  });

  it('has it told on its own when nothing else happens', async () => {
    const before = await world.eventTypes();
    callee.respond(callee.request('INVITE'), 180);
    world.clock.advance(19);
    expect(await world.eventTypes()).toEqual(before);
    world.clock.advance(1);
    expect(await world.eventTypes()).toEqual([...before, 'call.ringing']);
  });
});
