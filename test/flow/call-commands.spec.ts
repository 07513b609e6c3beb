import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const at = (number: string) => `sip:${number}@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const BOB = 'sip:bob@192.0.2.3:5060';

describe('commands to a call', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;

  beforeEach(async () => {
    world = await FlowWorld.start({
      routes: {
        '1000': { to: BOB, mode: 'direct' },
        '2000': { to: BOB, mode: 'anchored' },
        '7000': { target: { kind: 'webhook', name: 'crm' } },
      },
    });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  const id = () => world.call.id;
  const lastEvent = async () => (await world.events.read('', 200)).events.at(-1);
  const settleMedia = () => {
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
  };

  function direct() {
    const dialog = caller.invite(at('1000'), { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { dialog, remote: callee.accepted(invite) };
  }

  function anchored() {
    const dialog = caller.invite(at('2000'), { text: OFFER });
    const ofCaller = media.accept();
    media.peer.request('ACK');
    const ofCallee = media.accept();
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    media.peer.request('ACK');
    media.result(media.msml().info);
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { dialog, ofCaller, ofCallee, remote: callee.accepted(invite) };
  }

  /** The party accepts the next re-INVITE with `answer`, and gets its ACK. */
  function reinvited(peer: FlowPeer, answer: string) {
    const again = peer.request('INVITE');
    peer.respond(again, 200, { text: answer });
    return again.body.toString();
  }

  const silentCaller = audio('192.0.2.2', 4000, 'inactive');
  const silentCallee = audio('192.0.2.3', 5000, 'inactive', '8');

  async function heldDirect() {
    const call = direct();
    await world.commands.hold(id());
    const toCaller = reinvited(caller, silentCaller);
    caller.request('ACK');
    const toCallee = reinvited(callee, silentCallee);
    callee.request('ACK');
    return { ...call, toCaller, toCallee };
  }

  describe('hold and resume of an anchored call', () => {
    it('take the parties apart at the media server and join them again', async () => {
      const { ofCaller, ofCallee } = anchored();
      const held = (await world.commands.hold(id())) as { command_id: string };
      const apart = media.msml();
      const pair = { id1: ofCaller.connection, id2: ofCallee.connection };
      expect(apart.operations).toMatchObject([{ element: 'unjoin', ...pair }]);
      expect(world.call.state).toBe('in_progress');
      media.result(apart.info);
      expect(world.call.state).toBe('held');
      expect(await lastEvent()).toMatchObject({
        type: 'call.held',
        data: { command_id: held.command_id },
      });
      const resumed = (await world.commands.resume(id())) as { command_id: string };
      const together = media.msml();
      expect(together.operations).toMatchObject([{ element: 'join', ...pair }]);
      media.result(together.info);
      expect(world.call).toMatchObject({ state: 'in_progress' });
      expect(world.call.hold).toBeUndefined();
      expect(await lastEvent()).toMatchObject({
        type: 'call.resumed',
        data: { command_id: resumed.command_id },
      });
      expect(caller.inbox).toEqual([]);
    });

    it('are nothing when it is so already, and wait for one another', async () => {
      anchored();
      expect(await world.commands.resume(id())).not.toHaveProperty('refused');
      await world.commands.hold(id());
      expect(await world.commands.resume(id())).toMatchObject({ code: 'call_busy' });
      expect(await world.commands.hold(id())).not.toHaveProperty('refused');
      media.result(media.msml().info);
      expect(media.peer.inbox).toEqual([]);
    });

    it('tell by an event that the media server refuses', async () => {
      anchored();
      const { command_id } = (await world.commands.hold(id())) as { command_id: string };
      media.result(media.msml().info, '500', 'cannot');
      expect(world.call.state).toBe('in_progress');
      expect(await lastEvent()).toMatchObject({
        type: 'command.failed',
        data: { command_id, command: 'hold', error: { code: 'media_server_refused' } },
      });
    });

    it('leave the caller in the conference that is being recorded', async () => {
      const { ofCallee } = anchored();
      await world.recordings.startRecording(id(), { channels: 'mono' });
      media.result(media.msml().info);
      await world.commands.hold(id());
      expect(media.msml().operations).toMatchObject([
        { element: 'unjoin', id1: ofCallee.connection, id2: `conf:${id()}` },
      ]);
    });

    it('stay in force when a recording begins', async () => {
      const { ofCaller } = anchored();
      await world.commands.hold(id());
      media.result(media.msml().info);
      await world.recordings.startRecording(id(), { channels: 'mono' });
      expect(media.msml().operations).toMatchObject([
        { element: 'createconference' },
        { element: 'join', id1: ofCaller.connection },
        { element: 'dialogstart' },
      ]);
    });
  });

  describe('hold and resume of a direct call', () => {
    it('silence each party with what the other has, under a session of their own', async () => {
      const { toCaller, toCallee } = await heldDirect();
      expect(toCaller).toContain('m=audio 5000 RTP/AVP 8');
      expect(toCaller).toContain('a=inactive');
      expect(toCaller).not.toContain('a=sendrecv');
      expect(toCaller).not.toContain('o=- 5000 1');
      expect(toCallee).toContain('m=audio 4000 RTP/AVP 8 101');
      expect(toCallee).toContain('a=inactive');
      expect(world.call.state).toBe('held');
      expect((await lastEvent())?.type).toBe('call.held');
    });

    it('ask the caller for an offer and connect the parties anew', async () => {
      await heldDirect();
      await world.commands.resume(id());
      expect(reinvited(caller, OFFER)).toBe('');
      expect(reinvited(callee, ANSWER)).toBe(OFFER);
      callee.request('ACK');
      expect(caller.request('ACK').body.toString()).toBe(ANSWER);
      expect(world.call).toMatchObject({ state: 'in_progress', procedure: null });
      expect((await lastEvent())?.type).toBe('call.resumed');
    });

    it('fail when the first party refuses', async () => {
      direct();
      await world.commands.hold(id());
      caller.respond(caller.request('INVITE'), 488);
      expect(callee.inbox).toEqual([]);
      expect(await lastEvent()).toMatchObject({ type: 'command.failed', data: { command: 'hold' } });
      expect(world.call).toMatchObject({ state: 'in_progress', procedure: null });
    });

    it('connect the parties again when the second one refuses', async () => {
      direct();
      await world.commands.hold(id());
      reinvited(caller, silentCaller);
      callee.respond(callee.request('INVITE'), 488);
      expect((await lastEvent())?.type).toBe('command.failed');
      reinvited(caller, OFFER);
      reinvited(callee, ANSWER);
      expect(caller.request('ACK').body.toString()).toBe(ANSWER);
      expect(world.call).toMatchObject({ state: 'in_progress', procedure: null });
    });

    it('stay on hold when the callee refuses to come back', async () => {
      await heldDirect();
      await world.commands.resume(id());
      reinvited(caller, OFFER);
      callee.respond(callee.request('INVITE'), 488);
      expect(caller.request('ACK').body.toString()).toContain('a=inactive');
      expect(await lastEvent()).toMatchObject({ type: 'command.failed', data: { command: 'resume' } });
      expect(world.call).toMatchObject({ state: 'held', hold: { state: 'held' }, procedure: null });
    });

    it('let nothing flow when a party offers anew', async () => {
      const { dialog } = await heldDirect();
      caller.within(dialog, 'INVITE', { text: OFFER });
      expect(reinvited(callee, silentCallee)).toContain('a=inactive');
      expect(caller.response(200).body.toString()).toContain('a=inactive');
      expect(world.call.state).toBe('held');
    });
  });

  describe('mute', () => {
    it('ends one direction, and unmute begins it again', async () => {
      const { ofCaller, ofCallee } = anchored();
      const pair = { id1: ofCaller.connection, id2: ofCallee.connection };
      await world.commands.mute(id(), 'callee');
      const off = media.msml();
      expect(off.operations).toMatchObject([
        { element: 'unjoin', ...pair, streams: [{ media: 'audio', dir: 'to-id1' }] },
      ]);
      media.result(off.info);
      expect(await lastEvent()).toMatchObject({ type: 'call.muted', data: { leg: 'callee' } });
      expect(world.call.muted).toEqual(['callee']);
      await world.commands.mute(id(), 'callee');
      expect(media.peer.inbox).toEqual([]);
      await world.commands.unmute(id(), 'callee');
      const on = media.msml();
      expect(on.operations).toMatchObject([
        { element: 'join', ...pair, streams: [{ media: 'audio', dir: 'to-id1' }] },
      ]);
      media.result(on.info);
      expect(await lastEvent()).toMatchObject({ type: 'call.unmuted', data: { leg: 'callee' } });
    });

    it('is taken back when the media server refuses', async () => {
      anchored();
      await world.commands.mute(id(), 'caller');
      media.result(media.msml().info, '500');
      expect(await lastEvent()).toMatchObject({ type: 'command.failed', data: { command: 'mute' } });
      expect(world.call.muted).toBeUndefined();
    });

    it('counts from the resume on when the call is on hold', async () => {
      anchored();
      await world.commands.hold(id());
      media.result(media.msml().info);
      await world.commands.mute(id(), 'caller');
      expect((await lastEvent())?.type).toBe('call.muted');
      await world.commands.resume(id());
      expect(media.msml().operations).toMatchObject([
        { element: 'join', streams: [{ media: 'audio', dir: 'to-id1' }] },
      ]);
    });

    it('is for the media server, and for two parties', async () => {
      direct();
      expect(await world.commands.mute(id(), 'caller')).toMatchObject({ code: 'call_not_anchored' });
    });
  });

  describe('digits', () => {
    it('are telephone events of the media server in an anchored call', async () => {
      const { ofCallee, ofCaller } = anchored();
      const request = { leg: 'callee', digits: '42#', durationMs: 100, intervalMs: 60 } as const;
      const { command_id } = (await world.commands.sendDigits(id(), request)) as { command_id: string };
      const start = media.msml();
      expect(start.operations).toMatchObject([
        {
          element: 'dialogstart',
          target: ofCallee.connection,
          content: [{ element: 'dtmfgen', digits: '42#', dur: '100ms', interval: '60ms' }],
        },
      ]);
      media.result(start.info);
      const [{ name }] = start.operations as unknown as [{ name: string }];
      media.event(ofCaller.dialog, 'msml.dialog.exit', `${ofCallee.connection}/dialog:${name}`, {
        'dtmfgen.end': 'dtmfgen.complete',
      });
      media.peer.response(200);
      expect(await lastEvent()).toMatchObject({ type: 'dtmf.sent', data: { leg: 'callee', command_id } });
      expect(JSON.stringify(world.call)).not.toContain('42#');
      expect(JSON.stringify((await world.events.read('', 100)).events)).not.toContain('42#');
    });

    it('fail when the media server refuses them', async () => {
      anchored();
      await world.commands.sendDigits(id(), { leg: 'caller', digits: '1', durationMs: 100, intervalMs: 60 });
      media.result(media.msml().info, '520');
      expect(await lastEvent()).toMatchObject({ type: 'command.failed', data: { command: 'dtmf' } });
      expect(world.call.digits).toBeUndefined();
    });

    it('are INFOs in a direct call, one after the other', async () => {
      direct();
      await world.commands.sendDigits(id(), { leg: 'callee', digits: '12', durationMs: 160, intervalMs: 60 });
      const first = callee.request('INFO');
      expect(first.contentType).toBe('application/dtmf-relay');
      expect(first.body.toString()).toBe('Signal=1\r\nDuration=160\r\n');
      expect(callee.inbox).toEqual([]);
      callee.respond(first, 200);
      const second = callee.request('INFO');
      expect(second.body.toString()).toContain('Signal=2');
      callee.respond(second, 200);
      expect(await lastEvent()).toMatchObject({ type: 'dtmf.sent', data: { leg: 'callee' } });
    });

    it('fail when the party refuses one', async () => {
      direct();
      await world.commands.sendDigits(id(), { leg: 'caller', digits: '12', durationMs: 160, intervalMs: 60 });
      caller.respond(caller.request('INFO'), 415);
      caller.respond(caller.request('INFO'), 200);
      expect(await lastEvent()).toMatchObject({
        type: 'command.failed',
        data: { command: 'dtmf', error: { code: 'party_refused', detail: 'SIP 415' } },
      });
    });

    it('that are not sent when the call ends are told of before its end', async () => {
      const { dialog } = anchored();
      await world.commands.sendDigits(id(), { leg: 'callee', digits: '1', durationMs: 100, intervalMs: 60 });
      media.result(media.msml().info);
      caller.within(dialog, 'BYE');
      callee.respond(callee.request('BYE'), 200);
      settleMedia();
      const types = await world.eventTypes();
      expect(types.slice(-2)).toEqual(['command.failed', 'call.ended']);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });
  });

  describe('info', () => {
    const request = { leg: 'callee', contentType: 'application/x-screen', body: 'pop 7' } as const;

    it('goes to the party as it is', async () => {
      direct();
      await world.commands.sendInfo(id(), request);
      const info = callee.request('INFO');
      expect([info.contentType, info.body.toString()]).toEqual(['application/x-screen', 'pop 7']);
      callee.respond(info, 200);
      expect(await lastEvent()).toMatchObject({ type: 'info.sent', data: { leg: 'callee' } });
    });

    it('fails when the party refuses', async () => {
      anchored();
      await world.commands.sendInfo(id(), request);
      callee.respond(callee.request('INFO'), 415);
      expect(await lastEvent()).toMatchObject({ type: 'command.failed', data: { command: 'info' } });
    });
  });

  describe('move', () => {
    it('lets the parties of an anchored call exchange media themselves, and releases the media server', async () => {
      anchored();
      const { command_id } = (await world.commands.move(id(), 'direct')) as { command_id: string };
      expect(reinvited(caller, OFFER)).toBe('');
      expect(reinvited(callee, ANSWER)).toBe(OFFER);
      callee.request('ACK');
      expect(caller.request('ACK').body.toString()).toBe(ANSWER);
      settleMedia();
      expect(world.call).toMatchObject({ state: 'in_progress', mode: 'direct', procedure: null });
      expect(await lastEvent()).toMatchObject({ type: 'call.moved', data: { mode: 'direct', command_id } });
    });

    it('and back', async () => {
      const { dialog } = direct();
      await world.commands.move(id(), 'anchored');
      media.accept();
      reinvited(caller, OFFER);
      media.accept();
      reinvited(callee, ANSWER);
      media.result(media.msml().info);
      expect(await lastEvent()).toMatchObject({ type: 'call.moved', data: { mode: 'anchored' } });
      await world.commands.move(id(), 'direct');
      caller.request('ACK');
      callee.request('ACK');
      reinvited(caller, OFFER);
      reinvited(callee, ANSWER);
      settleMedia();
      expect(world.call.mode).toBe('direct');
      caller.within(dialog, 'BYE');
      callee.respond(callee.request('BYE'), 200);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('gives the parties their media server again when one refuses', async () => {
      const { ofCaller } = anchored();
      await world.commands.move(id(), 'direct');
      reinvited(caller, OFFER);
      callee.respond(callee.request('INVITE'), 488);
      expect(caller.request('ACK').body.toString()).toContain('a=inactive');
      expect(reinvited(caller, OFFER)).toBe(ofCaller.description);
      caller.request('ACK');
      const toMedia = media.peer.request('INVITE');
      expect(toMedia.body.toString()).toBe(OFFER);
      media.peer.respond(toMedia, 200, { text: ofCaller.description });
      media.peer.request('ACK');
      expect(world.call).toMatchObject({ state: 'in_progress', mode: 'anchored', procedure: null });
      expect(await lastEvent()).toMatchObject({ type: 'command.failed', data: { command: 'move' } });
      expect(
        callee.inbox.filter((message) => message.kind === 'request' && message.method === 'INVITE'),
      ).toEqual([]);
    });

    it('is nothing where the media are', async () => {
      direct();
      expect(await world.commands.move(id(), 'direct')).toMatchObject({ mode: 'direct' });
      expect(caller.inbox).toEqual([]);
    });

    it('does not take what needs the media server away from it', async () => {
      anchored();
      await world.recordings.startRecording(id(), { channels: 'dual' });
      expect(await world.commands.move(id(), 'direct')).toMatchObject({ code: 'media_in_use' });
    });

    it('tells when there is no media server', async () => {
      direct();
      await world.commands.move(id(), 'anchored');
      media.peer.respond(media.peer.request('INVITE'), 503);
      expect(await lastEvent()).toMatchObject({
        type: 'command.failed',
        data: { command: 'move', error: { code: 'media_unavailable' } },
      });
      expect(world.call).toMatchObject({ state: 'in_progress', mode: 'direct' });
    });
  });

  describe('in a process that takes the call over', () => {
    /** The first process is gone without a word; a second one takes up what it stored. */
    async function takeOver() {
      const { table } = world;
      const dialogs = world.call;
      world = await FlowWorld.start({ table });
      caller = world.peer('alice', '192.0.2.2', 5060);
      callee = world.peer('bob', '192.0.2.3', 5060);
      media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
      await world.registry.restore('node-1');
      return dialogs;
    }

    it('a hold that was answered is said again, and ended there', async () => {
      const { ofCaller, ofCallee } = anchored();
      const pair = { id1: ofCaller.connection, id2: ofCallee.connection };
      await world.commands.hold(id());
      media.result(media.msml().info);
      await takeOver();
      const again = media.msml();
      expect(again.operations).toMatchObject([{ element: 'unjoin', ...pair }]);
      media.result(again.info);
      expect(world.call.state).toBe('held');
      await world.commands.resume(id());
      const together = media.msml();
      expect(together.operations).toMatchObject([{ element: 'join', ...pair }]);
      media.result(together.info);
      expect(world.call.state).toBe('in_progress');
    });

    it('a hold under way is carried out', async () => {
      anchored();
      const { command_id } = (await world.commands.hold(id())) as { command_id: string };
      await takeOver();
      media.result(media.msml().info);
      expect(await lastEvent()).toMatchObject({ type: 'call.held', data: { command_id } });
    });

    it('a party that was muted stays so', async () => {
      anchored();
      await world.commands.mute(id(), 'caller');
      media.result(media.msml().info);
      await takeOver();
      expect(media.msml().operations).toMatchObject([
        { element: 'unjoin', streams: [{ media: 'audio', dir: 'from-id1' }] },
      ]);
      expect(world.call.muted).toEqual(['caller']);
    });

    it('digits under way are not sent twice', async () => {
      anchored();
      await world.commands.sendDigits(id(), { leg: 'callee', digits: '1', durationMs: 100, intervalMs: 60 });
      await takeOver();
      expect(media.peer.inbox).toEqual([]);
      expect((await world.eventTypes()).at(-1)).toBe('command.failed');
      expect(world.call.digits).toBeUndefined();
    });

    it('a second party that was being called is given up', async () => {
      const dialog = caller.invite(at('7000'), { text: OFFER });
      await world.commands.answer(id(), {});
      media.accept();
      const ok = caller.response(200);
      caller.follow(dialog, ok);
      caller.within(dialog, 'ACK');
      await world.commands.bridge(id(), { to: BOB, mode: 'anchored', stays: false });
      media.accept();
      callee.request('INVITE');
      await takeOver();
      expect(await world.eventTypes()).toEqual(['call.recovered', 'call.bridge_failed']);
      // The copy of its INVITE, and when it rings its CANCEL.
      callee.respond(callee.request('INVITE'), 180);
      expect(callee.request('CANCEL')).toBeDefined();
      expect(world.call).toMatchObject({ state: 'in_progress', procedure: null });
      expect(Object.keys(world.call.roles)).toEqual(['caller', 'caller media']);
    });

    it('a move under way is turned back', async () => {
      const { ofCaller } = anchored();
      await world.commands.move(id(), 'direct');
      reinvited(caller, OFFER);
      callee.request('INVITE');
      await takeOver();
      expect(reinvited(caller, OFFER)).toBe(ofCaller.description);
      const toMedia = media.peer.request('INVITE');
      media.peer.respond(toMedia, 200, { text: ofCaller.description });
      expect(world.call).toMatchObject({ state: 'in_progress', mode: 'anchored', procedure: null });
    });
  });

  describe('that are under way when the call ends', () => {
    const running: Record<string, () => Promise<object>> = {
      hold: () => world.commands.hold(id()),
      mute: () => world.commands.mute(id(), 'caller'),
      dtmf: () =>
        world.commands.sendDigits(id(), { leg: 'callee', digits: '1', durationMs: 100, intervalMs: 60 }),
      info: () => world.commands.sendInfo(id(), { leg: 'callee', contentType: 'a/b', body: '' }),
      move: () => world.commands.move(id(), 'direct'),
    };

    it.each(Object.keys(running))('fail before its end: %s', async (name) => {
      const { ofCaller } = anchored();
      const { command_id } = (await running[name]?.()) as { command_id: string };
      media.peer.within(ofCaller.dialog, 'BYE');
      world.clock.advance(60_000);
      world.settle();
      const { events } = await world.events.read('', 100);
      expect(events.filter(({ type }) => type === 'command.failed').map(({ data }) => data)).toMatchObject([
        { command_id, command: name },
      ]);
      expect(events.slice(-2).map(({ type }) => type)).toEqual(['command.failed', 'call.ended']);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it.each(['hold', 'move'])('fail before its end in a direct call, too: %s', async (name) => {
      const { dialog } = direct();
      if (name === 'hold') await world.commands.hold(id());
      else await world.commands.move(id(), 'anchored');
      caller.within(dialog, 'BYE');
      world.clock.advance(60_000);
      world.settle();
      expect((await world.eventTypes()).slice(-2)).toEqual(['command.failed', 'call.ended']);
    });
  });

  it('a hang-up tells the parties why', async () => {
    direct();
    await world.b2bua.hangup(id(), { reason: 'say "bye"' });
    const bye = caller.request('BYE');
    expect(bye.headers.get('Reason')).toBe('Q.850;cause=16;text="say \\"bye\\""');
    caller.respond(bye, 200);
    callee.respond(callee.request('BYE'), 200);
    expect((await lastEvent())?.data).toMatchObject({ sip: { status: 200, reason: 'say "bye"' } });
  });

  describe('the state of the call', () => {
    const commands = (): Record<string, () => Promise<object>> => {
      const { commands: calls } = world;
      const call = id();
      return {
        hold: () => calls.hold(call),
        resume: () => calls.resume(call),
        mute: () => calls.mute(call, 'caller'),
        unmute: () => calls.unmute(call, 'caller'),
        dtmf: () => calls.sendDigits(call, { leg: 'callee', digits: '1', durationMs: 100, intervalMs: 60 }),
        info: () => calls.sendInfo(call, { leg: 'callee', contentType: 'a/b', body: '' }),
        move: () => calls.move(call, 'anchored'),
      };
    };

    it.each(['hold', 'resume', 'mute', 'unmute', 'dtmf', 'info', 'move'])('has to suit: %s', async (name) => {
      caller.invite(at('1000'), { text: OFFER });
      const command = commands()[name];
      expect(await command?.()).toMatchObject({
        code: 'call_not_connected',
        detail: expect.stringContaining('queued') as string,
      });
      await world.b2bua.hangup(id());
      expect(await command?.()).toMatchObject({ code: 'call_ended' });
    });

    it.each(['hold', 'resume', 'mute', 'unmute', 'dtmf', 'info', 'move'])(
      'has to have the party: %s',
      async (name) => {
        caller.invite(at('7000'), { text: OFFER });
        await world.commands.answer(id(), {});
        media.accept();
        expect(world.call.state).toBe('in_progress');
        expect(await commands()[name]?.()).toMatchObject({ code: 'leg_not_connected' });
      },
    );

    it('allows one change at a time', async () => {
      direct();
      await world.commands.move(id(), 'anchored');
      expect(await world.commands.hold(id())).toMatchObject({ code: 'call_busy' });
      expect(await world.commands.move(id(), 'anchored')).toMatchObject({ code: 'call_busy' });
    });
  });
});
