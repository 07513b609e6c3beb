import type { RecordingView } from '@legato/b2bua';
import type { SipRequest } from '@legato/sip';
import type { FlowPeer, PeerDialog } from './support/flow-peer';
import { FlowMediaServer } from './support/flow-media-server';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';
import { HOSTILE_BODIES } from './support/hostile-bodies';

const URI = `sip:2000@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const MSML = 'application/msml+xml';
/** RFC 3261 §17.1.2.2: Timer F. */
const NO_ANSWER_MS = 32_000;
const GRACE_MS = 2_000;

describe('a media server that does what it likes', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;
  let dialog: PeerDialog;
  let control: PeerDialog;
  let connection: string;
  let id: string;
  let start: SipRequest;

  /** A call whose recording was asked for, and not answered yet. */
  beforeEach(async () => {
    world = await FlowWorld.start({ routes: { '2000': { to: 'sip:bob@192.0.2.3:5060', mode: 'anchored' } } });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
    dialog = caller.invite(URI, { text: OFFER });
    const ofCaller = media.accept();
    ({ dialog: control, connection } = ofCaller);
    media.accept();
    callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
    media.result(media.msml().info);
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    const answer = await world.recordings.startRecording(world.call.id, { channels: 'dual' });
    if (!('id' in answer)) throw new Error(answer.detail);
    id = answer.id;
    start = media.msml().info;
  });

  afterEach(() => expect(world.errors).toEqual([]));

  const recording = (): Promise<RecordingView | undefined> => world.recordings.getRecording(id);
  const object = (): string => `${connection}/dialog:${id}`;
  const answerWith = (text: string): void => media.peer.respond(start, 200, { type: MSML, text });

  /** The parties hang up, the media server says yes to whatever is asked of it: nothing may be left. */
  function release(): void {
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    world.clock.advance(6_000);
    for (const message of [...media.peer.inbox])
      if (message.kind === 'request' && message.method !== 'ACK') media.peer.respond(message, 200);
    world.clock.advance(50_000);
    expect(world.settle()).toEqual(NOTHING_HELD);
  }

  describe('in the answer to a request', () => {
    it.each(HOSTILE_BODIES)('%s is no result: the recording fails, the call goes on', async (_what, text) => {
      answerWith(text);
      expect(await recording()).toMatchObject({ state: 'failed', error: { code: 'outcome_unknown' } });
      expect(world.call.state).toBe('in_progress');
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
      release();
    });

    it.each([
      ['no body', undefined, 'the answer has no MSML result', 'outcome_unknown'],
      [
        'an event',
        '<msml version="1.1"><event name="done" id="conn:1/dialog:1"/></msml>',
        'but: event',
        'outcome_unknown',
      ],
      [
        'a request',
        '<msml version="1.1"><join id1="conn:1" id2="conn:2"/></msml>',
        'but: request',
        'outcome_unknown',
      ],
      [
        'a failure inside the 200',
        '<msml version="1.1"><result response="500"/></msml>',
        'MSML 500',
        'media_server_refused',
      ],
    ])('%s is no success', async (_what, text, detail, code) => {
      if (text === undefined) media.peer.respond(start, 200);
      else answerWith(text);
      const { state, error } = (await recording()) ?? {};
      expect([state, error?.code]).toEqual(['failed', code]);
      expect(error?.detail).toContain(detail);
      release();
    });

    it('results for something else do not disturb it', async () => {
      answerWith(
        '<msml version="1.1"><result response="200"/><dialogid>conn:other/dialog:other</dialogid></msml>',
      );
      expect((await recording())?.state).toBe('recording');
      media.event(control, 'msml.dialog.exit', 'conn:other/dialog:other', { 'record.recordid': 'file:///x' });
      media.peer.response(200);
      expect((await recording())?.state).toBe('recording');
      expect(world.b2bua.counts()['msml_unknown_events']).toBe(1);
      release();
    });
  });

  it.each([500, 503, 488, 415, 603])(
    'answers %i: the recording fails with it, the call goes on',
    async (status) => {
      media.peer.respond(start, status);
      const { state, error } = (await recording()) ?? {};
      expect([state, error?.code]).toEqual(['failed', 'media_server_refused']);
      expect(error?.detail).toContain(`SIP ${status}`);
      expect(world.call.state).toBe('in_progress');
      release();
    },
  );

  it('answers late: it counts', async () => {
    world.clock.advance(20_000);
    expect((await recording())?.state).toBe('starting');
    media.result(start);
    expect((await recording())?.state).toBe('recording');
    release();
  });

  it('answers twice: the second time is none', async () => {
    media.result(start);
    media.result(start, '500');
    expect((await recording())?.state).toBe('recording');
    release();
  });

  it('never answers: the call ends, and nothing waits for ever', async () => {
    const call = world.call.id;
    world.clock.advance(NO_ANSWER_MS);
    expect((await recording())?.state).toBe('failed');
    // The parties do not wait for the answer to its BYE, which never comes.
    caller.respond(caller.request('BYE'), 200);
    callee.respond(callee.request('BYE'), 200);
    world.clock.advance(100_000);
    expect((await world.b2bua.getCall(call))?.ended_reason).toBe('media_lost');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('is silent for long, as its watch says: what waits for an answer ends at once, and nothing else does', async () => {
    const call = world.call.id;
    world.registry.loseMediaServer('sip:192.0.2.77:5080');
    expect((await recording())?.state).toBe('starting');
    world.registry.loseMediaServer('sip:192.0.2.9:5080');
    expect(await recording()).toMatchObject({ state: 'failed', error: { code: 'media_server_refused' } });
    caller.respond(caller.request('BYE'), 200);
    callee.respond(callee.request('BYE'), 200);
    world.clock.advance(100_000);
    expect((await world.b2bua.getCall(call))?.ended_reason).toBe('media_lost');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('is silent for long while nothing is asked of it: the call goes on', async () => {
    media.result(start);
    world.registry.loseMediaServer('sip:192.0.2.9:5080');
    expect((await recording())?.state).toBe('recording');
    expect(world.call.state).toBe('in_progress');
    release();
  });

  it('was restarted, and knows the dialog no more: the call ends as media_lost', async () => {
    const call = world.call.id;
    media.peer.respond(start, 481);
    media.peer.respond(media.peer.request('BYE'), 481);
    caller.respond(caller.request('BYE'), 200);
    callee.respond(callee.request('BYE'), 200);
    expect((await recording())?.state).toBe('failed');
    world.clock.advance(50_000);
    expect((await world.b2bua.getCall(call))?.ended_reason).toBe('media_lost');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('dies while it records: the recording is absent, and everything is let go', async () => {
    media.result(start);
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    world.clock.advance(100_000);
    expect(await recording()).toMatchObject({ state: 'absent', error: { code: 'media_server_lost' } });
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('hangs up while it records: the recording is absent, the parties are told', async () => {
    media.result(start);
    media.peer.within(control, 'BYE');
    media.peer.response(200);
    caller.respond(caller.request('BYE'), 200);
    callee.respond(callee.request('BYE'), 200);
    expect((await recording())?.state).toBe('absent');
    world.clock.advance(50_000);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  describe('in an event', () => {
    beforeEach(() => media.result(start));

    it.each(HOSTILE_BODIES)('%s is answered 400 and changes nothing', async (_what, text) => {
      media.peer.within(control, 'INFO', { type: MSML, text });
      media.peer.response(400);
      expect((await recording())?.state).toBe('recording');
      release();
    });

    it('a result is answered 400', () => {
      media.peer.within(control, 'INFO', {
        type: MSML,
        text: '<msml version="1.1"><result response="200"/></msml>',
      });
      media.peer.response(400);
      release();
    });

    it.each(['0123', '1e5', '0x1F', '+8613800138000'])('digits stay digits: %s', async (digits) => {
      media.event(control, 'msml.dialog.exit', object(), { 'record.recordid': `file:///${digits}` });
      expect((await recording())?.file).toBe(`file:///${digits}`);
    });

    it('the announcement of an end counts when the end itself never comes', async () => {
      media.event(control, 'moml.exit', object(), { 'record.recordid': 'file:///r.wav', 'record.len': '10' });
      expect((await recording())?.state).toBe('recording');
      world.clock.advance(GRACE_MS);
      expect(await recording()).toMatchObject({ state: 'completed', duration_ms: 10 });
      media.event(control, 'msml.dialog.exit', object());
      media.peer.response(200);
      release();
    });

    it('an end twice is one end', async () => {
      for (let time = 0; time < 2; time += 1)
        media.event(control, 'msml.dialog.exit', object(), { 'record.recordid': 'file:///r.wav' });
      expect((await world.eventTypes()).filter((type) => type === 'recording.completed')).toHaveLength(1);
      release();
    });

    it('a failure is told as one (§9.6.1)', async () => {
      const failure = { 'dialog.exit.status': '410', 'dialog.exit.description': 'no file' };
      media.event(control, 'msml.dialog.exit', object(), failure);
      expect(await recording()).toMatchObject({
        state: 'failed',
        error: { code: 'media_server_failed', detail: 'MSML 410: no file' },
      });
      release();
    });

    it.each(['430', '500'])(
      'an end that was already there is done, and its results count: %s',
      async (code) => {
        await world.recordings.stopRecording(id);
        media.result(media.msml().info, code, 'Does not exist');
        expect((await recording())?.state).toBe('stopping');
        media.event(control, 'msml.dialog.exit', object(), { 'record.recordid': 'file:///r.wav' });
        expect((await recording())?.state).toBe('completed');
        release();
      },
    );

    it('an object that is gone without a word is absent', async () => {
      await world.recordings.stopRecording(id);
      media.result(media.msml().info, '430', 'Does not exist');
      world.clock.advance(GRACE_MS);
      expect((await recording())?.state).toBe('absent');
      release();
    });

    it('an end that is never told is not waited for for ever', async () => {
      await world.recordings.stopRecording(id);
      media.result(media.msml().info);
      world.clock.advance(60_000);
      expect((await recording())?.state).toBe('absent');
      expect(world.call.state).toBe('in_progress');
      release();
    });
  });

  it('tells the end before the answer: it is the end', async () => {
    media.event(control, 'msml.dialog.exit', object(), { 'record.recordid': 'file:///r.wav' });
    media.peer.response(200);
    expect((await recording())?.state).toBe('completed');
    media.result(start);
    expect((await recording())?.state).toBe('completed');
    release();
  });
});
