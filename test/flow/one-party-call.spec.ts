import type { ApplicationTarget, Call } from '@legato/b2bua';
import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const at = (number: string) => `sip:${number}@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const MENU: ApplicationTarget = { kind: 'flow', name: 'menu' };

describe('a call of one party and the media server', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let media: FlowMediaServer;
  let taken: string[];

  beforeEach(async () => {
    world = await FlowWorld.start({
      routes: {
        '7000': { target: MENU },
        '7001': { target: { kind: 'conference', name: 'room' } },
        '7002': { target: { kind: 'webhook', name: 'crm' } },
        '7003': { target: MENU, record: 'dual' },
      },
      mediaServers: ['sip:192.0.2.9:5080', 'sip:192.0.2.10:5080'],
    });
    caller = world.peer('alice', '192.0.2.2', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
    taken = [];
    world.registry.onAnswered.register('flow', ({ snapshot }: Call) => {
      taken.push(`${snapshot.target?.name} ${snapshot.state} ${snapshot.mode}`);
    });
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  const endMedia = () => media.peer.respond(media.peer.request('BYE'), 200);
  const endedReason = async () => (await world.events.read('', 100)).events.at(-1)?.data['ended_reason'];

  function answered(number = '7000') {
    const dialog = caller.invite(at(number), { text: OFFER });
    const ringing = caller.response(180);
    const ofCaller = media.accept();
    media.peer.request('ACK');
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { dialog, ringing, ofCaller, ok };
  }

  describe('that comes in for a flow', () => {
    it('is answered with what the media server said, and taken in hand once', async () => {
      const { ofCaller, ok } = answered();
      expect(ofCaller.invite.body.toString()).toBe(OFFER);
      expect(ok.body.toString()).toBe(ofCaller.description);
      expect(taken).toEqual(['menu in_progress anchored']);
      expect(Object.keys(world.call.roles)).toEqual(['caller', 'caller media']);
      expect(await world.eventTypes()).toEqual(['call.queued', 'call.ringing', 'call.answered']);
      expect((await world.events.read('', 1)).events[0]?.data).toMatchObject({
        to: [at('7000')],
        target: MENU,
      });
      const view = await world.b2bua.getCall(world.call.id);
      expect(view).toMatchObject({ target: MENU, legs: [{ role: 'caller' }] });
      expect(view?.legs).toHaveLength(1);
    });

    it('is recorded when its route says so', () => {
      answered('7003');
      expect(media.msml().operations).toMatchObject([{ element: 'dialogstart', target: 'conn:ms-1' }]);
      expect(taken).toHaveLength(1);
    });

    it('takes an INFO of the caller for the application', async () => {
      const { dialog } = answered();
      caller.within(dialog, 'INFO', { type: 'application/dtmf-relay', text: 'Signal=5\r\nDuration=160\r\n' });
      caller.response(200);
      expect((await world.events.read('', 100)).events.at(-1)?.data).toMatchObject({
        leg: 'caller',
        body: 'Signal=5\r\nDuration=160\r\n',
      });
    });

    it('releases the media server when the caller hangs up', async () => {
      const { dialog } = answered();
      caller.within(dialog, 'BYE');
      caller.response(200);
      endMedia();
      expect(await endedReason()).toBe('completed');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends when the media server hangs up', async () => {
      const { ofCaller } = answered();
      media.peer.within(ofCaller.dialog, 'BYE');
      media.peer.response(200);
      caller.respond(caller.request('BYE'), 200);
      expect(await endedReason()).toBe('media_lost');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is cancelled before the media server answers', async () => {
      const { invite } = caller.invite(at('7000'), { text: OFFER });
      const toMedia = media.peer.request('INVITE');
      caller.cancel(invite);
      caller.response(487);
      media.peer.respond(toMedia, 200, { text: audio('192.0.2.9', 30_000) }, 'late');
      media.peer.request('ACK');
      endMedia();
      world.clock.advance(1);
      expect(await endedReason()).toBe('canceled');
      expect(taken).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends when the caller hangs up before it is answered', async () => {
      const dialog = caller.invite(at('7000'), { text: OFFER });
      caller.follow(dialog, caller.response(180));
      caller.within(dialog, 'BYE');
      media.peer.respond(media.peer.request('INVITE'), 200, { text: audio('192.0.2.9', 30_000) }, 'late');
      media.peer.request('ACK');
      endMedia();
      world.clock.advance(1);
      expect(await endedReason()).toBe('canceled');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends when the caller does not acknowledge the answer', async () => {
      caller.invite(at('7000'), { text: OFFER });
      media.accept();
      caller.response(200);
      world.clock.advance(64 * 500);
      caller.respond(caller.request('BYE'), 200);
      endMedia();
      expect(await endedReason()).toBe('failed');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is refused with 488 when the media server takes none of the offer', () => {
      const second = world.peer('ms2', '192.0.2.10', 5080);
      caller.invite(at('7000'), { text: OFFER });
      media.peer.respond(media.peer.request('INVITE'), 488);
      caller.response(488);
      expect(second.inbox).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is refused with 488 when it offers no audio', () => {
      caller.invite(at('7000'), { text: OFFER.replace(/m=audio[^]*/, 'm=image 4000 udptl t38\r\n') });
      caller.response(488);
      expect(media.peer.inbox).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('goes to the next media server when one refuses, and is answered 503 when all are silent', () => {
      const second = world.peer('ms2', '192.0.2.10', 5080);
      caller.invite(at('7000'), { text: OFFER });
      media.peer.respond(media.peer.request('INVITE'), 503);
      second.request('INVITE');
      world.clock.advance(4_000);
      caller.response(503);
      world.clock.advance(64 * 500);
      expect(taken).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });
  });

  describe('that comes in without an offer', () => {
    function offered() {
      const dialog = caller.invite(at('7000'));
      const ofCaller = media.accept();
      const ok = caller.response(200);
      caller.follow(dialog, ok);
      return { dialog, ofCaller, ok };
    }

    it('gets the offer of the media server, whose answer comes in the ACK', () => {
      const { dialog, ofCaller, ok } = offered();
      expect(ok.body.toString()).toBe(ofCaller.description);
      expect(taken).toEqual([]);
      caller.within(dialog, 'ACK', { text: OFFER });
      expect(media.peer.request('ACK').body.toString()).toBe(OFFER);
      expect(taken).toEqual(['menu in_progress anchored']);
    });

    it('ends when the ACK brings no answer', async () => {
      const { dialog } = offered();
      caller.within(dialog, 'ACK');
      caller.respond(caller.request('BYE'), 200);
      media.peer.request('ACK');
      endMedia();
      expect(await endedReason()).toBe('failed');
      expect(taken).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('keeps the media server waiting for a late ACK with an inactive answer', () => {
      const { dialog } = offered();
      world.clock.advance(10_000);
      expect(media.peer.request('ACK').body.toString()).toContain('a=inactive');
      caller.within(dialog, 'ACK', { text: OFFER });
      const again = media.peer.request('INVITE');
      expect(again.body.toString()).toBe(OFFER);
      expect(taken).toEqual([]);
      media.peer.respond(again, 200, { text: audio('192.0.2.9', 30_002) });
      media.peer.request('ACK');
      expect(taken).toEqual(['menu in_progress anchored']);
    });

    it('ends when the media server goes before the ACK', async () => {
      const { ofCaller, dialog } = offered();
      media.peer.within(ofCaller.dialog, 'BYE');
      caller.within(dialog, 'ACK', { text: OFFER });
      caller.respond(caller.request('BYE'), 200);
      expect(await endedReason()).toBe('failed');
      expect(taken).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });
  });

  describe('that nobody is there for', () => {
    it('is refused before anything else happens', async () => {
      caller.invite(at('7001'), { text: OFFER });
      caller.response(501);
      expect(media.peer.inbox).toEqual([]);
      expect(await world.eventTypes()).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is not made over REST either', async () => {
      const target = { kind: 'conference', name: 'room' } as const;
      const from = 'sip:desk@example.com';
      const answer = await world.b2bua.originate({ from, to: ['sip:a@b'], mode: 'anchored', target });
      expect(answer).toMatchObject({ refused: 'unavailable' });
      expect(world.registry.size).toBe(0);
    });
  });

  describe('that comes in for an application', () => {
    it('rings there and leaves the media server alone, until nobody answers', async () => {
      caller.invite(at('7002'), { text: OFFER });
      caller.response(180);
      expect(world.call.state).toBe('ringing');
      expect(media.peer.inbox).toEqual([]);
      world.clock.advance(60_000);
      caller.response(480);
      expect(await endedReason()).toBe('no_answer');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is cancelled while it rings', async () => {
      const { invite } = caller.invite(at('7002'), { text: OFFER });
      caller.cancel(invite);
      caller.response(487);
      world.clock.advance(1);
      expect(await endedReason()).toBe('canceled');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });
  });

  describe('that goes out', () => {
    const originate = (target?: ApplicationTarget) =>
      world.b2bua.originate({
        from: 'sip:desk@example.com',
        to: ['sip:alice@192.0.2.2:5060'],
        mode: 'anchored',
        ...(target && { target }),
      });

    it('offers the party what the media server offers, and is taken in hand when it stands', async () => {
      await originate(MENU);
      const ofCaller = media.accept();
      const invite = caller.request('INVITE');
      expect(invite.body.toString()).toBe(ofCaller.description);
      caller.respond(invite, 180);
      expect(world.call.state).toBe('ringing');
      caller.respond(invite, 200, { text: OFFER });
      caller.request('ACK');
      expect(media.peer.request('ACK').body.toString()).toBe(OFFER);
      expect(taken).toEqual(['menu in_progress anchored']);
      caller.within(caller.accepted(invite), 'BYE');
      endMedia();
      expect(await endedReason()).toBe('completed');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('waits for a media server that was kept waiting by a long ring', async () => {
      await originate(MENU);
      media.accept();
      const invite = caller.request('INVITE');
      caller.respond(invite, 180);
      world.clock.advance(10_000);
      expect(media.peer.request('ACK').body.toString()).toContain('a=inactive');
      caller.respond(invite, 200, { text: OFFER });
      const again = media.peer.request('INVITE');
      expect(taken).toEqual([]);
      media.peer.respond(again, 200, { text: audio('192.0.2.9', 30_002) });
      expect(taken).toEqual(['menu in_progress anchored']);
    });

    it.each([
      [486, 'busy'],
      [603, 'rejected'],
    ])('ends when the party answers %i', async (status, reason) => {
      await originate();
      media.accept();
      caller.respond(caller.request('INVITE'), status);
      endMedia();
      expect(await endedReason()).toBe(reason);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends when the party does not answer', async () => {
      await originate();
      media.accept();
      const invite = caller.request('INVITE');
      caller.respond(invite, 180);
      world.clock.advance(60_000);
      caller.respond(caller.request('CANCEL'), 200);
      caller.respond(invite, 487);
      endMedia();
      expect(await endedReason()).toBe('no_answer');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends when the media server goes while the party rings', async () => {
      await originate(MENU);
      const ofCaller = media.accept();
      const invite = caller.request('INVITE');
      caller.respond(invite, 180);
      media.peer.within(ofCaller.dialog, 'BYE');
      caller.respond(caller.request('CANCEL'), 200);
      caller.respond(invite, 487);
      expect(await endedReason()).toBe('failed');
      expect(taken).toEqual([]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends without a media server, and calls nobody', async () => {
      await originate();
      world.clock.advance(4_000);
      world.clock.advance(4_000);
      world.clock.advance(64 * 500);
      expect(caller.inbox).toEqual([]);
      expect(await endedReason()).toBe('failed');
      expect(world.settle()).toEqual(NOTHING_HELD);
    });
  });
});
