import type { FlowPeer } from './support/flow-peer';
import { FlowMediaServer } from './support/flow-media-server';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:2000@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');

describe('an anchored call (RFC 3725)', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;

  beforeEach(async () => {
    world = await FlowWorld.start({
      routes: { '2000': { to: 'sip:bob@192.0.2.3:5060', mode: 'anchored' } },
      mediaServers: ['sip:192.0.2.9:5080', 'sip:192.0.2.10:5080'],
    });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  function ring() {
    const dialog = caller.invite(URI, { text: OFFER });
    const ofCaller = media.accept();
    media.peer.request('ACK');
    const ofCallee = media.accept();
    const invite = callee.request('INVITE');
    return { dialog, ofCaller, ofCallee, invite };
  }

  function establish() {
    const ringing = ring();
    const { dialog, ofCaller, invite } = ringing;
    callee.respond(invite, 180);
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    expect(media.peer.request('ACK').body.toString()).toBe(ANSWER);
    const join = media.msml();
    media.result(join.info);
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { ...ringing, join, ok, control: ofCaller.dialog, remote: callee.accepted(invite) };
  }

  function endBoth(): void {
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
  }

  it('gives each party the media server: answer to the caller, offer to the callee, then joins them', () => {
    const { ofCaller, ofCallee, invite, join, ok } = establish();
    expect(ofCaller.invite.body.toString()).toBe(OFFER);
    expect(ofCallee.invite.body).toHaveLength(0);
    expect(invite.body.toString()).toBe(ofCallee.description);
    expect(ok.body.toString()).toBe(ofCaller.description);
    expect(join.operations).toMatchObject([
      { element: 'join', id1: ofCaller.connection, id2: ofCallee.connection },
    ]);
    expect(world.call).toMatchObject({ state: 'in_progress', mode: 'anchored' });
  });

  it('releases the media server with the parties', async () => {
    const { dialog } = establish();
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    endBoth();
    expect(await world.eventTypes()).toContain('call.ended');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('releases the media server when the callee refuses', () => {
    const { invite } = ring();
    callee.respond(invite, 486);
    caller.response(486);
    endBoth();
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it.each(['before the media server answers', 'while the callee rings'])('is cancelled %s', (when) => {
    const { invite } = caller.invite(URI, { text: OFFER });
    if (when.startsWith('before')) {
      const toMedia = media.peer.request('INVITE');
      caller.cancel(invite);
      caller.response(487);
      media.peer.respond(toMedia, 200, { text: audio('192.0.2.9', 30_000) }, 'late');
      media.peer.request('ACK');
      media.peer.respond(media.peer.request('BYE'), 200);
    } else {
      media.accept();
      media.accept();
      const theirs = callee.request('INVITE');
      callee.respond(theirs, 180);
      caller.cancel(invite);
      caller.response(487);
      callee.respond(callee.request('CANCEL'), 200);
      callee.respond(theirs, 487);
      endBoth();
    }
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('asks the next media server when the first refuses', () => {
    const second = new FlowMediaServer(world.peer('ms2', '192.0.2.10', 5080));
    caller.invite(URI, { text: OFFER });
    media.peer.respond(media.peer.request('INVITE'), 503);
    const { invite } = second.accept();
    expect(invite.body.toString()).toBe(OFFER);
  });

  it('tells the caller 488 when its offer does not suit, without asking the next media server', () => {
    const second = world.peer('ms2', '192.0.2.10', 5080);
    caller.invite(URI, { text: OFFER });
    media.peer.respond(media.peer.request('INVITE'), 488);
    caller.response(488);
    expect(second.inbox).toEqual([]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('asks the next media server when the first is silent, and answers 503 when none is left', () => {
    const second = world.peer('ms2', '192.0.2.10', 5080);
    caller.invite(URI, { text: OFFER });
    media.peer.request('INVITE');
    world.clock.advance(4_000);
    second.request('INVITE');
    world.clock.advance(4_000);
    expect(caller.response(503).headers.get('Retry-After')).toBe('5');
    world.clock.advance(64 * 500);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('answers 503 and releases everything when the media server refuses to join', () => {
    const { invite } = ring();
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    media.result(media.msml().info, '521', 'too many');
    caller.response(503);
    callee.respond(callee.request('BYE'), 200);
    endBoth();
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('parks the media server while the callee rings for long', () => {
    const { invite, ofCallee } = ring();
    callee.respond(invite, 180);
    world.clock.advance(10_000);
    expect(media.peer.request('ACK').body.toString()).toContain('a=inactive');
    world.clock.advance(30_000);
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    const again = media.peer.request('INVITE');
    expect(again.to.tag).toBe(ofCallee.dialog.localTag);
    expect(again.body.toString()).toBe(ANSWER);
    media.peer.respond(again, 200, { text: ofCallee.description });
    media.peer.request('ACK');
    media.result(media.msml().info);
    caller.response(200);
    expect(world.call.state).toBe('in_progress');
  });

  it('negotiates a hold of the caller with the media server alone', () => {
    const { dialog, ofCaller } = establish();
    caller.within(dialog, 'INVITE', { text: audio('192.0.2.2', 4000, 'sendonly') });
    const again = media.peer.request('INVITE');
    expect(again.to.tag).toBe(ofCaller.dialog.localTag);
    media.peer.respond(again, 200, { text: audio('192.0.2.9', 30_002, 'recvonly') });
    media.peer.request('ACK');
    expect(caller.response(200).body.toString()).toContain('a=recvonly');
    caller.within(dialog, 'ACK');
    expect(world.call.state).toBe('held');
    expect(callee.inbox).toEqual([]);
  });

  it('answers a caller without an offer with the one of the media server', () => {
    const dialog = caller.invite(URI);
    const ofCaller = media.accept();
    media.accept();
    callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
    media.result(media.msml().info);
    const ok = caller.response(200);
    expect(ok.body.toString()).toBe(ofCaller.description);
    caller.follow(dialog, ok);
    media.peer.inbox.length = 0;
    caller.within(dialog, 'ACK', { text: OFFER });
    expect(media.peer.request('ACK').body.toString()).toBe(OFFER);
  });

  it('ends when the media server ends the media', async () => {
    const { control } = establish();
    media.peer.within(control, 'BYE');
    media.peer.response(200);
    caller.respond(caller.request('BYE'), 200);
    callee.respond(callee.request('BYE'), 200);
    media.peer.respond(media.peer.request('BYE'), 200);
    const { events } = await world.events.read('', 100);
    expect(events.at(-1)?.data).toMatchObject({ ended_reason: 'media_lost' });
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('connects two parties over REST: the first, then the second, then the join', async () => {
    await world.b2bua.originate({
      from: 'sip:desk@example.com',
      to: ['sip:alice@192.0.2.2:5060', 'sip:bob@192.0.2.3:5060'],
      mode: 'anchored',
    });
    const first = media.accept();
    const toFirst = caller.request('INVITE');
    expect(toFirst.body.toString()).toBe(first.description);
    caller.respond(toFirst, 180);
    caller.respond(toFirst, 200, { text: OFFER });
    caller.request('ACK');
    expect(media.peer.request('ACK').body.toString()).toBe(OFFER);
    media.accept();
    callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
    expect(media.msml().operations).toMatchObject([{ element: 'join' }]);
  });
});
