import type { BridgeOutcome } from '@legato/b2bua';
import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const at = (number: string) => `sip:${number}@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const BOB = 'sip:bob@192.0.2.3:5060';

describe('a call in the hands of an application', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;
  let told: BridgeOutcome[];

  beforeEach(async () => {
    world = await FlowWorld.start({
      routes: { '7002': { target: { kind: 'webhook', name: 'crm' } }, '2000': { to: BOB, mode: 'direct' } },
      locate: {
        'sip:nobody@home': [],
        'sip:bob@home': [{ uri: BOB }, { uri: 'sip:bob@192.0.2.4:5060' }],
        'sip:both@home': [{ uri: BOB }, { uri: 'sip:bob@192.0.2.4:5060', together: true }],
      },
    });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
    told = [];
    world.registry.onBridged.listen((_call, outcome) => void told.push(outcome));
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  const endMedia = (left = 1) => {
    for (; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
  };
  const lastEvent = async () => (await world.events.read('', 100)).events.at(-1);

  function ringing(description?: string) {
    const dialog = caller.invite(at('7002'), description === undefined ? undefined : { text: description });
    caller.follow(dialog, caller.response(180));
    return dialog;
  }

  async function answered() {
    const dialog = ringing(OFFER);
    await world.commands.answer(world.call.id, {});
    const ofCaller = media.accept();
    media.peer.request('ACK');
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { dialog, ofCaller, ok };
  }

  const bridge = (more: Partial<Parameters<typeof world.commands.bridge>[1]> = {}) =>
    world.commands.bridge(world.call.id, { to: BOB, mode: 'anchored', stays: false, ...more });

  async function bridging(stays = false) {
    const { dialog, ofCaller } = await answered();
    const command = await bridge({ stays });
    const ofCallee = media.accept();
    const invite = callee.request('INVITE');
    return { dialog, ofCaller, ofCallee, invite, command };
  }

  async function bridged(stays = false) {
    const begun = await bridging(stays);
    callee.respond(begun.invite, 180);
    callee.respond(begun.invite, 200, { text: ANSWER });
    callee.request('ACK');
    const settled = media.peer.request('ACK').body.toString();
    const join = media.msml();
    media.result(join.info);
    return { ...begun, settled, join, remote: callee.accepted(begun.invite) };
  }

  describe('while it rings', () => {
    it('is answered at the media server', async () => {
      const { ofCaller, ok } = await answered();
      expect(ofCaller.invite.body.toString()).toBe(OFFER);
      expect(ok.body.toString()).toBe(ofCaller.description);
      expect(world.call).toMatchObject({ state: 'in_progress', mode: 'anchored' });
    });

    it('ends after the time that the answer allows', async () => {
      ringing(OFFER);
      const command = await world.commands.answer(world.call.id, { maxDurationMs: 5_000 });
      expect(command).toMatchObject({
        state: 'ringing',
        command_id: expect.stringMatching(/^cmd_/) as string,
      });
      media.accept();
      caller.response(200);
      world.clock.advance(5_000);
      expect(world.call).toMatchObject({ state: 'ending', endedReason: 'timeout' });
    });

    it('is rejected with the status that the application says', async () => {
      ringing(OFFER);
      await world.commands.reject(world.call.id, { status: 486 });
      caller.response(486);
      expect(world.settle()).toEqual(NOTHING_HELD);
      expect((await lastEvent())?.data).toMatchObject({ ended_reason: 'rejected', sip: { status: 486 } });
    });

    it('is bridged directly: the callee gets the offer, the caller its answer', async () => {
      const dialog = ringing(OFFER);
      await bridge({ mode: 'direct' });
      const invite = callee.request('INVITE');
      expect(invite.body.toString()).toBe(OFFER);
      callee.respond(invite, 200, { text: ANSWER });
      callee.request('ACK');
      const ok = caller.response(200);
      expect(ok.body.toString()).toBe(ANSWER);
      caller.follow(dialog, ok);
      caller.within(dialog, 'ACK');
      expect(media.peer.inbox).toEqual([]);
      expect((await world.b2bua.getCall(world.call.id))?.legs).toMatchObject([
        { role: 'caller' },
        { role: 'callee', uri: BOB },
      ]);
      callee.within(callee.accepted(invite), 'BYE');
      caller.respond(caller.request('BYE'), 200);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is bridged at the media server, and refused as the callee refuses', async () => {
      ringing(OFFER);
      await bridge();
      media.accept();
      media.accept();
      callee.respond(callee.request('INVITE'), 486);
      caller.response(486);
      endMedia(2);
      expect(world.settle()).toEqual(NOTHING_HELD);
      expect((await lastEvent())?.data).toMatchObject({ ended_reason: 'busy' });
    });

    it('takes no second decision', async () => {
      await answered();
      const { id } = world.call;
      expect(await world.commands.answer(id, {})).toMatchObject({ code: 'call_not_waiting' });
      expect(await world.commands.reject(id, { status: 603 })).toMatchObject({ code: 'call_not_waiting' });
    });

    it('can not be decided on when it has a callee of its own, or has ended', async () => {
      const { invite } = caller.invite(at('2000'), { text: OFFER });
      const { id } = world.call;
      expect(await world.commands.answer(id, {})).toMatchObject({
        code: 'call_not_waiting',
        detail: 'The call is queued',
      });
      expect(await bridge()).toMatchObject({ code: 'call_not_connected' });
      const toCallee = callee.request('INVITE');
      callee.respond(toCallee, 180);
      caller.cancel(invite);
      callee.respond(callee.request('CANCEL'), 200);
      callee.respond(toCallee, 487);
      world.settle();
      expect(await world.commands.answer(id, {})).toMatchObject({ code: 'call_ended' });
      expect(await world.commands.answer('call_x', {})).toMatchObject({ code: 'call_not_found' });
    });
  });

  describe('when it is answered', () => {
    it('is bridged: the second party gets the offer of the media server and is joined with the first', async () => {
      const { ofCaller, ofCallee, invite, settled, join, command } = await bridged();
      expect(ofCallee.invite.body).toHaveLength(0);
      expect(invite.body.toString()).toBe(ofCallee.description);
      expect(settled).toBe(ANSWER);
      expect(join.operations).toMatchObject([
        { element: 'join', id1: ofCaller.connection, id2: ofCallee.connection },
      ]);
      expect(world.call).toMatchObject({ state: 'in_progress', procedure: null });
      const { command_id } = command as { command_id: string };
      expect(await lastEvent()).toMatchObject({ type: 'call.bridged', data: { to: BOB, command_id } });
      expect(told).toEqual([{ outcome: 'bridged', to: BOB }]);
      expect(caller.inbox).toEqual([]);
    });

    it('ends with the second party', async () => {
      const { remote } = await bridged();
      callee.within(remote, 'BYE');
      caller.respond(caller.request('BYE'), 200);
      endMedia(2);
      expect((await lastEvent())?.data).toMatchObject({ ended_reason: 'completed' });
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('goes on without the second party where that was asked for, and can be bridged again', async () => {
      const { remote } = await bridged(true);
      callee.within(remote, 'BYE');
      callee.response(200);
      endMedia();
      expect(await lastEvent()).toMatchObject({ type: 'call.unbridged', data: { to: BOB } });
      expect(told.map(({ outcome }) => outcome)).toEqual(['bridged', 'left']);
      expect(world.call).toMatchObject({ state: 'in_progress' });
      expect(Object.keys(world.call.roles)).toEqual(['caller', 'caller media']);
      expect(await bridge()).not.toHaveProperty('refused');
      media.accept();
      callee.request('INVITE');
    });

    it('joins the second party to the conference that is being recorded', async () => {
      const { ofCaller } = await answered();
      await world.recordings.startRecording(world.call.id, { channels: 'mono' });
      const start = media.msml();
      const conference = `conf:${world.call.id}`;
      expect(start.operations).toMatchObject([
        { element: 'createconference' },
        { element: 'join', id1: ofCaller.connection, id2: conference },
        { element: 'dialogstart', target: conference },
      ]);
      media.result(start.info);
      await bridge();
      const ofCallee = media.accept();
      callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
      expect(media.msml().operations).toMatchObject([
        { element: 'join', id1: ofCallee.connection, id2: conference },
      ]);
    });

    it.each([
      ['refuses', 486],
      ['is unreachable', 503],
    ])('goes on when the second party %s', async (_what, status) => {
      const { invite } = await bridging();
      callee.respond(invite, status);
      endMedia();
      expect(await lastEvent()).toMatchObject({ type: 'call.bridge_failed', data: { sip: { status } } });
      expect(told).toMatchObject([{ outcome: 'failed', sip: { status } }]);
      expect(world.call).toMatchObject({ state: 'in_progress', procedure: null, refusals: {} });
      expect(Object.keys(world.call.roles)).toEqual(['caller', 'caller media']);
    });

    it('goes on when the second party does not answer in its time', async () => {
      await answered();
      await bridge({ timeoutMs: 15_000 });
      media.accept();
      const invite = callee.request('INVITE');
      callee.respond(invite, 180);
      world.clock.advance(15_000);
      callee.respond(callee.request('CANCEL'), 200);
      callee.respond(invite, 487);
      media.peer.request('ACK');
      endMedia();
      expect(await lastEvent()).toMatchObject({ type: 'call.bridge_failed', data: { sip: { status: 480 } } });
      expect(world.call.state).toBe('in_progress');
    });

    it('rings the places of a registered second party one after the other', async () => {
      const second = world.peer('bob2', '192.0.2.4', 5060);
      await answered();
      await bridge({ to: 'sip:bob@home' });
      media.accept();
      callee.respond(callee.request('INVITE'), 486);
      second.request('INVITE');
      expect(await bridge({ to: 'sip:nobody@home' })).toMatchObject({ code: 'party_not_registered' });
    });

    it.each([
      ['has no place for the second party', 'refuse'],
      ['refuses to join it', 'join'],
      ['hangs up its media', 'bye'],
    ])('goes on when the media server %s', async (_what, how) => {
      const { ofCaller } = await answered();
      await bridge();
      if (how === 'refuse') media.peer.respond(media.peer.request('INVITE'), 503);
      else {
        const ofCallee = media.accept();
        const invite = callee.request('INVITE');
        callee.respond(invite, 180);
        if (how === 'join') {
          callee.respond(invite, 200, { text: ANSWER });
          callee.request('ACK');
          media.result(media.msml().info, '521', 'too many');
          callee.respond(callee.request('BYE'), 200);
          endMedia();
        } else {
          media.peer.within(ofCallee.dialog, 'BYE');
          callee.respond(callee.request('CANCEL'), 200);
          callee.respond(invite, 487);
        }
      }
      expect(told).toMatchObject([{ outcome: 'failed' }]);
      expect(world.call.state).toBe('in_progress');
      media.peer.inbox.length = 0;
      media.peer.within(ofCaller.dialog, 'BYE');
      caller.respond(caller.request('BYE'), 200);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('plays to the first party while the second rings, and to nobody else', async () => {
      const { invite, ofCaller } = await bridging();
      callee.respond(invite, 180);
      await world.plays.startPlay(world.call.id, {
        sources: [{ file: 'ringing.wav' }],
        loop: 1,
        barge: false,
      });
      expect(media.msml().operations).toMatchObject([
        { element: 'dialogstart', target: ofCaller.connection },
      ]);
      expect(media.peer.inbox).toEqual([]);
    });

    it('joins the second party to a recording that began while it rang', async () => {
      const { invite, ofCaller, ofCallee } = await bridging();
      await world.recordings.startRecording(world.call.id, { channels: 'mono' });
      const conference = `conf:${world.call.id}`;
      const start = media.msml();
      expect(start.operations).toMatchObject([
        { element: 'createconference' },
        { element: 'join', id1: ofCaller.connection, id2: conference },
        { element: 'dialogstart', target: conference },
      ]);
      media.result(start.info);
      callee.respond(invite, 200, { text: ANSWER });
      expect(media.msml().operations).toMatchObject([
        { element: 'join', id1: ofCallee.connection, id2: conference },
      ]);
    });

    it('lets go of every place that rings when the media server lets go', async () => {
      const second = world.peer('bob2', '192.0.2.4', 5060);
      await answered();
      await bridge({ to: 'sip:both@home' });
      const ofCallee = media.accept();
      const invites = [callee, second].map((peer) => peer.request('INVITE'));
      [callee, second].forEach((peer, index) => peer.respond(invites[index]!, 180));
      media.peer.within(ofCallee.dialog, 'BYE');
      [callee, second].forEach((peer, index) => {
        peer.respond(peer.request('CANCEL'), 200);
        peer.respond(invites[index]!, 487);
      });
      expect(told).toMatchObject([{ outcome: 'failed' }]);
      expect(world.call).toMatchObject({ state: 'in_progress', procedure: null });
      expect(world.call.ring).toBeUndefined();
      expect(Object.keys(world.call.usages)).toHaveLength(2);
    });

    it('ends when the first party hangs up while the second rings', async () => {
      const { dialog, invite } = await bridging();
      callee.respond(invite, 180);
      caller.within(dialog, 'BYE');
      callee.respond(callee.request('CANCEL'), 200);
      callee.respond(invite, 487);
      endMedia(2);
      expect((await lastEvent())?.data).toMatchObject({ ended_reason: 'completed' });
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is not bridged twice, nor twice at a time', async () => {
      await bridging();
      expect(await bridge()).toMatchObject({ code: 'call_bridged' });
    });
  });
});
