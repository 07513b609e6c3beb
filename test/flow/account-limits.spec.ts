import type { CallerAccount } from '@legato/b2bua';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:1000@${LEGATO.host}:${LEGATO.port}`;
const MINUTE_MS = 60_000;

describe('the limits of an account (toll fraud)', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;

  async function start(account: CallerAccount): Promise<void> {
    world = await FlowWorld.start({ routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } } });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    world.core.onRequest = (transaction) => world.b2bua.receiveInvite(transaction, account);
  }

  function call(): ReturnType<FlowPeer['invite']> {
    const dialog = caller.invite(URI, { text: audio('192.0.2.2', 4000) });
    callee.respond(callee.request('INVITE'), 200, { text: audio('192.0.2.3', 5000) }, dialog.localTag);
    callee.request('ACK');
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    return dialog;
  }

  function hangUp(dialog: ReturnType<FlowPeer['invite']>): void {
    caller.within(dialog, 'BYE');
    caller.response(200);
    callee.respond(callee.request('BYE'), 200);
  }

  it('bound its calls at the same time: 403 for one more, until one has ended', async () => {
    await start({ name: '1001@example.com', maxCalls: 2 });
    const [first, second] = [call(), call()];
    caller.invite(URI, { text: audio('192.0.2.2', 4000) });
    caller.response(403);
    expect(callee.inbox).toEqual([]);
    hangUp(first);
    const third = call();
    hangUp(second);
    hangUp(third);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('end its calls when their time is over', async () => {
    await start({ name: '1001@example.com', maxDurationMs: MINUTE_MS });
    const dialog = call();
    world.clock.advance(MINUTE_MS - 1_000);
    expect(world.call.state).toBe('in_progress');
    world.clock.advance(1_000);
    callee.respond(callee.request('BYE'), 200);
    caller.respond(caller.request('BYE'), 200, undefined, dialog.localTag);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });
});
