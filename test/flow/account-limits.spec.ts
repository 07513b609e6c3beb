import type { CallerAccount, CallSeats } from '@legato/b2bua';
import { StoreUnavailable } from '@legato/b2bua';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:1000@${LEGATO.host}:${LEGATO.port}`;
const MINUTE_MS = 60_000;

describe('the limits of an account (toll fraud)', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;

  async function start(account: CallerAccount, seats?: CallSeats): Promise<void> {
    world = await FlowWorld.start({
      routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } },
      ...(seats && { seats }),
    });
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

  describe('over several nodes', () => {
    const ACCOUNT = { name: '1001@example.com', maxCalls: 1 };
    const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

    /** What a store would count. */
    class CountedSeats implements CallSeats {
      readonly taken = new Set<string>();
      isAway = false;

      take(account: string, callId: string, most: number): Promise<boolean> {
        if (this.isAway) return Promise.reject(new StoreUnavailable('away'));
        if (this.taken.size >= most) return Promise.resolve(false);
        this.taken.add(`${account} ${callId}`);
        return Promise.resolve(true);
      }

      giveBack(account: string, callId: string): Promise<void> {
        this.taken.delete(`${account} ${callId}`);
        return Promise.resolve();
      }
    }

    async function ring(seats: CallSeats) {
      await start(ACCOUNT, seats);
      const dialog = caller.invite(URI, { text: audio('192.0.2.2', 4000) });
      await settled();
      return dialog;
    }

    it('bound its calls: 403 at the one while it talks at the other', async () => {
      const seats = new CountedSeats();
      const { invite } = await ring(seats);
      const [first, theirs] = [caller, callee.request('INVITE')];
      const [there, other] = [world, callee];
      await ring(seats);
      caller.response(403);
      expect(callee.inbox).toEqual([]);
      first.cancel(invite);
      other.respond(theirs, 180);
      other.respond(other.request('CANCEL'), 200);
      other.respond(theirs, 487);
      there.clock.advance(1);
      expect(seats.taken.size).toBe(0);
      await ring(seats);
      expect(callee.request('INVITE')).toBeDefined();
    });

    it('do not keep anybody from calling while the store is away: then each node counts its own', async () => {
      const seats = new CountedSeats();
      seats.isAway = true;
      await ring(seats);
      expect(callee.request('INVITE')).toBeDefined();
      caller.invite(URI, { text: audio('192.0.2.2', 4000) });
      caller.response(403);
    });

    it('count nobody who has cancelled meanwhile', async () => {
      const seats = new CountedSeats();
      await start(ACCOUNT, seats);
      const { invite } = caller.invite(URI, { text: audio('192.0.2.2', 4000) });
      caller.cancel(invite);
      await settled();
      expect(seats.taken.size).toBe(0);
      expect(callee.inbox).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });
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
