import type { CallTarget, Route } from '@legato/b2bua';
import type { SipRequest } from '@legato/sip';
import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:1014@${LEGATO.host}:${LEGATO.port}`;
const AOR = 'sip:1014@example.com';
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const DESK = 5061;
const MOBILE = 5062;
const SOFT = 5063;

const at = (port: number, more: Partial<CallTarget> = {}): CallTarget => ({
  uri: `sip:1014@192.0.2.3:${port}`,
  ...more,
});
const beside = (port: number): CallTarget => at(port, { together: true });

describe('places of a registered user that are liked as much (RFC 3261 §16.6)', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let desk: FlowPeer;
  let mobile: FlowPeer;
  let soft: FlowPeer;
  let dialog: ReturnType<FlowPeer['invite']>;

  async function start(
    targets: readonly CallTarget[],
    mode: 'direct' | 'anchored' = 'direct',
  ): Promise<void> {
    const route: Route = { to: AOR, mode, targets };
    world = await FlowWorld.start({ routes: { '1014': route } });
    caller = world.peer('alice', '192.0.2.2', 5060);
    desk = world.peer('desk', '192.0.2.3', DESK);
    mobile = world.peer('mobile', '192.0.2.3', MOBILE);
    soft = world.peer('soft', '192.0.2.3', SOFT);
  }

  function ring(...peers: FlowPeer[]): SipRequest[] {
    dialog = caller.invite(URI, { text: OFFER });
    return peers.map((peer) => {
      const invite = peer.request('INVITE');
      peer.respond(invite, 180);
      return invite;
    });
  }

  /** A phone that is cancelled says so. */
  function isCancelled(peer: FlowPeer, invite: SipRequest | undefined): SipRequest {
    const cancel = peer.request('CANCEL');
    peer.respond(cancel, 200);
    if (invite) peer.respond(invite, 487);
    peer.request('ACK');
    return cancel;
  }

  function hangUp(callee: FlowPeer): void {
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
  }

  afterEach(() => expect(world.errors).toEqual([]));

  it('ring at once, each by an INVITE of its own', async () => {
    await start([at(DESK), beside(MOBILE)]);
    const [first, second] = ring(desk, mobile);
    expect(first?.callId).not.toBe(second?.callId);
    expect([first?.to.uri, second?.to.uri]).toEqual([AOR, AOR]);
    expect([first, second].map((invite) => invite?.body.toString())).toEqual([OFFER, OFFER]);
    expect(caller.inbox.map((message) => message.kind === 'response' && message.status)).toEqual([180, 180]);
  });

  it.each(['desk', 'mobile', 'soft'])(
    'the first 2xx wins, that of the %s too; the others are cancelled and learn why (§16.7 step 10, RFC 3326)',
    async (name) => {
      await start([at(DESK), beside(MOBILE), beside(SOFT)]);
      const peers = [desk, mobile, soft];
      const invites = ring(...peers);
      const winner = peers.findIndex((peer) => peer.name === name);
      const callee = peers[winner] as FlowPeer;
      callee.respond(invites[winner] as SipRequest, 200, { text: ANSWER });
      callee.request('ACK');
      peers.forEach((peer, index) => {
        if (index === winner) return;
        const cancel = isCancelled(peer, invites[index]);
        expect(cancel.headers.get('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
      });
      hangUp(callee);
    },
  );

  it('a second 2xx that comes too late is acknowledged and hung up (§13.2.2.4)', async () => {
    await start([at(DESK), beside(MOBILE)]);
    const [first, second] = ring(desk, mobile);
    mobile.respond(second as SipRequest, 200, { text: ANSWER });
    mobile.request('ACK');
    desk.respond(desk.request('CANCEL'), 200);
    desk.respond(first as SipRequest, 200, { text: audio('192.0.2.3', 7000, 'sendrecv', '8') });
    desk.request('ACK');
    desk.respond(desk.request('BYE'), 200);
    const ok = caller.response(200);
    expect(ok.body.toString()).toBe(ANSWER);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    expect(world.call.state).toBe('in_progress');
    caller.within(dialog, 'BYE');
    mobile.respond(mobile.request('BYE'), 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('goes on ringing where nobody has refused, and tells the best refusal when all have (§16.7 step 6)', async () => {
    await start([at(DESK), beside(MOBILE), beside(SOFT)]);
    const [first, second, third] = ring(desk, mobile, soft);
    desk.respond(first as SipRequest, 486);
    mobile.respond(second as SipRequest, 480);
    expect(world.call.state).toBe('ringing');
    expect(soft.inbox).toEqual([]);
    soft.respond(third as SipRequest, 500);
    caller.response(486);
    caller.within(dialog, 'ACK');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('the last one that rings can still answer', async () => {
    await start([at(DESK), beside(MOBILE)]);
    const [first, second] = ring(desk, mobile);
    mobile.respond(second as SipRequest, 486);
    desk.respond(first as SipRequest, 200, { text: ANSWER });
    desk.request('ACK');
    hangUp(desk);
  });

  it('a 6xx of one speaks for all (§16.7 step 5)', async () => {
    await start([at(DESK), beside(MOBILE), at(SOFT)]);
    const [first, second] = ring(desk, mobile);
    mobile.respond(second as SipRequest, 603);
    isCancelled(desk, first);
    caller.response(603);
    caller.within(dialog, 'ACK');
    expect(soft.inbox).toEqual([]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('stop ringing when the caller gives up', async () => {
    await start([at(DESK), beside(MOBILE)]);
    const [first, second] = ring(desk, mobile);
    caller.cancel(dialog.invite);
    isCancelled(desk, first);
    isCancelled(mobile, second);
    caller.response(487);
    caller.within(dialog, 'ACK');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('stop ringing together before those that are liked less begin', async () => {
    await start([at(DESK), beside(MOBILE), at(SOFT)]);
    const [first, second] = ring(desk, mobile);
    world.clock.advance(20_000);
    isCancelled(desk, first);
    isCancelled(mobile, second);
    soft.respond(soft.request('INVITE'), 200, { text: ANSWER });
    soft.request('ACK');
    hangUp(soft);
  });

  it('a place that can not be reached is tried by its other way, while the other rings on', async () => {
    const again = at(SOFT, { isBackup: true });
    await start([at(DESK), again, beside(MOBILE)]);
    const [first, second] = ring(desk, mobile);
    desk.respond(first as SipRequest, 503);
    const third = soft.request('INVITE');
    expect(mobile.inbox).toEqual([]);
    soft.respond(third, 200, { text: ANSWER });
    soft.request('ACK');
    isCancelled(mobile, second);
    hangUp(soft);
  });

  it('another way to a place that has refused is not tried, and the next place is', async () => {
    await start([at(DESK), at(MOBILE, { isBackup: true }), at(SOFT)]);
    const [first] = ring(desk);
    desk.respond(first as SipRequest, 486);
    soft.respond(soft.request('INVITE'), 200, { text: ANSWER });
    soft.request('ACK');
    expect(mobile.inbox).toEqual([]);
    hangUp(soft);
  });

  it('give the caller the early media of none, because another one may answer', async () => {
    await start([at(DESK), beside(MOBILE)]);
    dialog = caller.invite(URI, { text: OFFER });
    const first = desk.request('INVITE');
    desk.respond(first, 183, { text: audio('192.0.2.3', 7000, 'sendrecv', '8') });
    expect(caller.response(183).body).toHaveLength(0);
    mobile.respond(mobile.request('INVITE'), 200, { text: ANSWER });
    isCancelled(desk, first);
    mobile.request('ACK');
    expect(caller.response(200).body.toString()).toBe(ANSWER);
  });

  it('are offered the same description by the media server, and the answer of the winner counts', async () => {
    await start([at(DESK), beside(MOBILE)], 'anchored');
    const media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
    dialog = caller.invite(URI, { text: OFFER });
    media.accept();
    media.peer.request('ACK');
    const { description } = media.accept();
    const [first, second] = [desk.request('INVITE'), mobile.request('INVITE')];
    expect([first.body.toString(), second.body.toString()]).toEqual([description, description]);
    desk.respond(first, 183, { text: audio('192.0.2.3', 7000, 'sendrecv', '8') });
    mobile.respond(second, 200, { text: audio('192.0.2.3', 6000, 'sendrecv', '8') });
    isCancelled(desk, first);
    mobile.request('ACK');
    expect(media.peer.request('ACK').body.toString()).toContain('m=audio 6000');
    media.result(media.msml().info);
    caller.response(200);
  });
});
