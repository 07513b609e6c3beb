import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:1000@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');

describe('a direct call', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;

  beforeEach(async () => {
    world = await FlowWorld.start({ routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } } });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  function establish() {
    const dialog = caller.invite(URI, { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 180);
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { dialog, invite, ok, remote: callee.accepted(invite) };
  }

  it('passes session descriptions byte for byte and leaves the media server out of it', async () => {
    const { dialog, invite, ok, remote } = establish();
    expect(invite.body.toString()).toBe(OFFER);
    expect(ok.body.toString()).toBe(ANSWER);
    expect(world.call.state).toBe('in_progress');
    caller.within(dialog, 'BYE');
    expect(caller.response(200).cseq.method).toBe('BYE');
    const bye = callee.request('BYE');
    expect(bye.to.tag).toBe(remote.localTag);
    callee.respond(bye, 200);
    expect(await world.eventTypes()).toEqual(['call.queued', 'call.ringing', 'call.answered', 'call.ended']);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('shares neither Call-ID nor tags nor Contact nor Via between its two dialogs', () => {
    const { dialog, invite, ok } = establish();
    const ours = [invite.callId, invite.from.tag, invite.headers.getAll('Via').join()];
    const theirs = [dialog.callId, dialog.localTag, ok.to.tag, dialog.invite.headers.getAll('Via').join()];
    for (const value of ours) expect(theirs).not.toContain(value);
    expect(invite.headers.getAll('Via')).toHaveLength(1);
    expect(invite.headers.get('Contact')).not.toContain('192.0.2.2');
    expect(invite.from.toString()).not.toContain('192.0.2.2');
    expect(invite.maxForwards).toBe(69);
  });

  it('takes the BYE of the callee to the caller', () => {
    const { dialog, remote } = establish();
    callee.within(remote, 'BYE');
    expect(callee.response(200).cseq.method).toBe('BYE');
    caller.respond(caller.request('BYE'), 200);
    expect(dialog.callId).toBeDefined();
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('passes 180 and early media', async () => {
    caller.invite(URI, { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 180);
    expect(caller.response(180).body).toHaveLength(0);
    callee.respond(invite, 183, { text: ANSWER });
    expect(caller.response(183).body.toString()).toBe(ANSWER);
    expect(await world.eventTypes()).toEqual(['call.queued', 'call.ringing', 'call.early_media']);
  });

  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'rejected'],
    [404, 'rejected'],
    [500, 'failed'],
  ])('tells the caller that the callee said %i, and the log that it was %s', async (status, reason) => {
    caller.invite(URI, { text: OFFER });
    callee.respond(callee.request('INVITE'), status);
    callee.request('ACK');
    caller.response(status);
    world.clock.advance(1);
    const { events } = await world.events.read('', 100);
    expect(events.at(-1)?.data).toMatchObject({ ended_reason: reason, sip: { status } });
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it.each([
    ['before the callee said anything', []],
    ['while the callee rings', [180]],
  ])('is cancelled %s', (_when, provisional) => {
    const { invite } = caller.invite(URI, { text: OFFER });
    const theirs = callee.request('INVITE');
    for (const status of provisional) callee.respond(theirs, status);
    caller.cancel(invite);
    expect(caller.response(200).cseq.method).toBe('CANCEL');
    caller.response(487);
    if (provisional.length === 0) callee.respond(theirs, 180);
    const cancel = callee.request('CANCEL');
    expect(cancel.via.branch).toBe(theirs.via.branch);
    callee.respond(cancel, 200);
    callee.respond(theirs, 487);
    callee.request('ACK');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('hangs up a callee whose 200 crossed the CANCEL (RFC 3261 §9.1, §15)', () => {
    const { invite } = caller.invite(URI, { text: OFFER });
    const theirs = callee.request('INVITE');
    callee.respond(theirs, 180);
    caller.cancel(invite);
    caller.response(487);
    callee.respond(callee.request('CANCEL'), 200);
    callee.respond(theirs, 200, { text: ANSWER });
    callee.request('ACK');
    callee.respond(callee.request('BYE'), 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('gives up after the ring timeout: CANCEL to the callee, 480 to the caller', async () => {
    caller.invite(URI, { text: OFFER });
    const theirs = callee.request('INVITE');
    callee.respond(theirs, 180);
    world.clock.advance(60_000);
    caller.response(480);
    callee.respond(callee.request('CANCEL'), 200);
    callee.respond(theirs, 487);
    callee.request('ACK');
    expect(await world.eventTypes()).toContain('call.ended');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('answers 408 when the callee never says anything (§17.1.1.2, Timer B)', () => {
    caller.invite(URI, { text: OFFER });
    callee.request('INVITE');
    world.clock.advance(64 * 500);
    caller.response(408);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('answers 503 when the callee can not be reached (§8.1.3.1)', async () => {
    world.transport.failure = new Error('ECONNREFUSED');
    caller.invite(URI, { text: OFFER });
    world.transport.failure = undefined;
    world.clock.advance(1);
    caller.response(503);
    expect(await world.eventTypes()).toContain('call.ended');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('carries a delayed offer: the offer in the 200, the answer in the ACK (RFC 3264 §4)', () => {
    const dialog = caller.invite(URI);
    const theirs = callee.request('INVITE');
    expect(theirs.body).toHaveLength(0);
    callee.respond(theirs, 200, { text: ANSWER });
    const ok = caller.response(200);
    expect(ok.body.toString()).toBe(ANSWER);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK', { text: OFFER });
    expect(callee.request('ACK').body.toString()).toBe(OFFER);
    expect(world.call.state).toBe('in_progress');
  });

  it('is held and resumed by re-INVITE of the caller', async () => {
    const { dialog } = establish();
    for (const [direction, state] of [
      ['sendonly', 'held'],
      ['sendrecv', 'in_progress'],
    ] as const) {
      const offer = audio('192.0.2.2', 4000, direction);
      caller.within(dialog, 'INVITE', { text: offer });
      const theirs = callee.request('INVITE');
      expect(theirs.body.toString()).toBe(offer);
      callee.respond(theirs, 200, { text: ANSWER });
      callee.request('ACK');
      expect(caller.response(200).body.toString()).toBe(ANSWER);
      caller.within(dialog, 'ACK');
      expect(world.call.state).toBe(state);
    }
    expect(await world.eventTypes()).toEqual(expect.arrayContaining(['call.held', 'call.resumed']));
  });

  it('passes a refused re-INVITE back and leaves the session as it was (§14.1)', () => {
    const { dialog } = establish();
    caller.within(dialog, 'INVITE', { text: audio('192.0.2.2', 4000, 'sendonly') });
    callee.respond(callee.request('INVITE'), 488);
    callee.request('ACK');
    caller.response(488);
    expect(world.call.state).toBe('in_progress');
  });

  it('is held by the callee, too', () => {
    const { remote } = establish();
    callee.within(remote, 'INVITE', { text: audio('192.0.2.3', 5000, 'sendonly', '8') });
    caller.respond(caller.request('INVITE'), 200, { text: audio('192.0.2.2', 4000, 'recvonly') });
    caller.request('ACK');
    callee.response(200);
    callee.within(remote, 'ACK');
    expect(world.call.state).toBe('held');
  });

  it('hides who calls when the caller asks for it, and passes on no identity that a stranger asserts (RFC 3323, RFC 3325 §5)', () => {
    caller.invite(URI, { text: OFFER }, [
      ['Privacy', 'user;id'],
      ['P-Asserted-Identity', '<sip:alice@example.com>'],
    ]);
    const invite = callee.request('INVITE');
    expect(invite.from.toString()).toMatch(/^"Anonymous" <sip:anonymous@anonymous\.invalid>/);
    expect(invite.headers.get('Privacy')).toBe('user;id');
    expect(invite.headers.has('P-Asserted-Identity')).toBe(false);
  });

  it('tells the other side why a party hung up (RFC 3326)', () => {
    const { remote } = establish();
    callee.within(remote, 'BYE', undefined, [['Reason', 'Q.850;cause=16;text="Normal"']]);
    expect(caller.request('BYE').headers.get('Reason')).toBe('Q.850;cause=16;text="Normal"');
  });

  it('offers what an INFO says to the application', async () => {
    const { dialog } = establish();
    caller.within(dialog, 'INFO', { type: 'application/dtmf-relay', text: 'Signal=5\r\n' });
    const { events } = await world.events.read('', 100);
    expect(events.at(-1)).toMatchObject({
      type: 'info.received',
      data: { leg: 'caller', content_type: 'application/dtmf-relay', encoding: 'utf8', body: 'Signal=5\r\n' },
    });
  });

  it('passes INFO to the other side, but never MSML', () => {
    const { dialog } = establish();
    caller.within(dialog, 'INFO', { type: 'application/dtmf-relay', text: 'Signal=5\r\n' });
    const info = callee.request('INFO');
    expect(info.body.toString()).toBe('Signal=5\r\n');
    callee.respond(info, 200);
    caller.response(200);
    caller.within(dialog, 'INFO', { type: 'application/msml+xml', text: '<msml version="1.1"/>' });
    caller.response(415);
    expect(callee.inbox).toEqual([]);
  });

  it('refuses a number without a route', () => {
    caller.invite(`sip:4711@${LEGATO.host}`, { text: OFFER });
    caller.response(404);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('does not go round in circles: 483 when Max-Forwards has run out (RFC 7092 §3.1.2)', () => {
    caller.invite(URI, { text: OFFER }, [['Max-Forwards', '0']]);
    caller.response(483);
    expect(callee.inbox).toEqual([]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('ends when nobody acknowledges the 200 to the caller (§13.3.1.4)', () => {
    caller.invite(URI, { text: OFFER });
    callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
    callee.request('ACK');
    world.clock.advance(64 * 500);
    caller.respond(caller.request('BYE'), 200);
    callee.respond(callee.request('BYE'), 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });
});

describe('a direct call between two parties that were asked for over REST (RFC 3725 §4.1)', () => {
  it('rings the first without an offer, and gives its offer to the second', async () => {
    const world = await FlowWorld.start();
    const first = world.peer('alice', '192.0.2.2', 5060);
    const second = world.peer('bob', '192.0.2.3', 5060);
    await world.b2bua.originate({
      from: 'sip:desk@example.com',
      to: ['sip:alice@192.0.2.2:5060', 'sip:bob@192.0.2.3:5060'],
      mode: 'direct',
    });
    const toFirst = first.request('INVITE');
    expect(toFirst.body).toHaveLength(0);
    first.respond(toFirst, 200, { text: OFFER });
    const toSecond = second.request('INVITE');
    expect(toSecond.body.toString()).toBe(OFFER);
    second.respond(toSecond, 200, { text: ANSWER });
    second.request('ACK');
    expect(first.request('ACK').body.toString()).toBe(ANSWER);
    expect(world.call.state).toBe('in_progress');
    await world.b2bua.hangup(world.call.id);
    first.respond(first.request('BYE'), 200);
    second.respond(second.request('BYE'), 200);
    expect(world.errors).toEqual([]);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('parks the first while the second rings for long, and settles by re-INVITE', async () => {
    const world = await FlowWorld.start();
    const first = world.peer('alice', '192.0.2.2', 5060);
    const second = world.peer('bob', '192.0.2.3', 5060);
    await world.b2bua.originate({
      from: 'sip:desk@example.com',
      to: ['sip:alice@192.0.2.2:5060', 'sip:bob@192.0.2.3:5060'],
      mode: 'direct',
    });
    first.respond(first.request('INVITE'), 200, { text: OFFER });
    const toSecond = second.request('INVITE');
    second.respond(toSecond, 180);
    world.clock.advance(10_000);
    expect(first.request('ACK').body.toString()).toContain('a=inactive');
    world.clock.advance(20_000);
    second.respond(toSecond, 200, { text: ANSWER });
    second.request('ACK');
    const again = first.request('INVITE');
    expect(again.body.toString()).toBe(ANSWER);
    first.respond(again, 200, { text: OFFER });
    first.request('ACK');
    expect(world.call.state).toBe('in_progress');
    expect(world.errors).toEqual([]);
  });
});
