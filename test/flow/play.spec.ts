import type { Call, FinishedMediaWork, PlayOptions, PlayView } from '@legato/b2bua';
import { FOREVER, isRefused } from '@legato/b2bua';
import type { SipRequest } from '@legato/sip';
import { NOTHING_HELD } from './support/flow-world';
import { MediaCall } from './support/media-call';

const WELCOME: PlayOptions = { sources: [{ file: 'welcome.wav' }], loop: 1, barge: false };
const PLAYED = { 'play.amt': '1740', 'play.end': 'play.complete' };

describe('a play', () => {
  let call: MediaCall;
  let finished: string[];

  beforeEach(async () => {
    call = await MediaCall.start();
    listen();
  });

  afterEach(() => {
    expect(call.world.errors).toEqual([]);
  });

  function listen(): void {
    finished = [];
    const note = (_call: Call, { kind, outcome }: FinishedMediaWork) => finished.push(`${kind} ${outcome}`);
    call.world.registry.mediaWorkListeners.register(note);
  }

  async function play(options: PlayOptions & { leg?: 'caller' | 'callee' } = WELCOME): Promise<PlayView> {
    const answer = await call.world.plays.startPlay(call.id, options);
    if (isRefused(answer)) throw new Error(answer.detail);
    return answer;
  }

  const read = (id: string) => call.world.plays.getPlay(call.id, id);
  const eventsOfPlays = async () =>
    (await call.world.eventTypes()).filter((type) => type.startsWith('play.'));

  it('is heard by the one party of a call, and completed when the media server says so', async () => {
    call.connectAlone();
    const { id, state } = await play({
      sources: [
        { file: 'a/welcome.wav' },
        { url: 'https://example.com/b.wav' },
        { say: { as: 'digits', value: '12', language: 'en' } },
        { silence_ms: 500 },
      ],
      loop: 2,
      intervalMs: 300,
      barge: true,
    });
    expect(state).toBe('queued');
    expect(call.done()).toMatchObject([
      {
        element: 'dialogstart',
        target: call.ofCaller.connection,
        name: id,
        content: [
          {
            element: 'play',
            iterate: '2',
            interval: '300ms',
            barge: true,
            cleardb: true,
            content: [
              { element: 'audio', uri: 'file://a/welcome.wav' },
              { element: 'audio', uri: 'https://example.com/b.wav' },
              { element: 'var', type: 'digits', value: '12', 'xml:lang': 'en' },
              { element: 'var', type: 'silence', value: '5' },
            ],
            playexit: [{ element: 'exit', namelist: 'play.amt play.end' }],
          },
        ],
      },
    ]);
    expect((await read(id))?.state).toBe('playing');
    call.tell('moml.exit', id, PLAYED);
    expect((await read(id))?.state).toBe('playing');
    call.tell('msml.dialog.exit', id);
    expect(await read(id)).toMatchObject({ state: 'completed', leg: 'both' });
    expect(await eventsOfPlays()).toEqual(['play.started', 'play.completed']);
    expect(finished).toEqual(['play completed']);
  });

  it('moves a direct call to the media server, and is over when both parties have heard it', async () => {
    call.connect();
    const { id } = await play();
    call.move();
    const targets = [call.done(), call.done()].map(([operation]) => operation);
    expect(targets).toMatchObject([
      { target: call.ofCaller.connection, name: id },
      { target: call.ofCallee.connection, name: id },
    ]);
    call.tell('msml.dialog.exit', id, PLAYED);
    expect((await read(id))?.state).toBe('playing');
    call.tell('msml.dialog.exit', id, PLAYED, 'callee');
    expect((await read(id))?.state).toBe('completed');
  });

  it('fails, and ends for the one who hears it, when the other can not', async () => {
    call.connect();
    const { id } = await play();
    call.move();
    call.done();
    expect((await read(id))?.state).toBe('playing');
    call.done('520', 'no player left');
    expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'media_server_refused' } });
    const ended = call.done();
    expect(ended).toMatchObject([{ element: 'dialogend', id: `${call.ofCaller.connection}/dialog:${id}` }]);
  });

  it('begins for the second party in a process that takes the call over', async () => {
    call.connect();
    const { id } = await play();
    call.move();
    call.done();
    call.media.msml();
    call = await call.takenOver();
    listen();
    expect(call.done()).toMatchObject([{ target: call.ofCallee.connection, name: id }]);
    expect(call.media.peer.inbox).toEqual([]);
    call.ofCaller.dialog.cseq = 20;
    call.tell('msml.dialog.exit', id, PLAYED);
    call.tell('msml.dialog.exit', id, PLAYED, 'callee');
    expect((await read(id))?.state).toBe('completed');
  });

  it('waits for the one before it', async () => {
    call.connectAlone();
    const first = await play({ ...WELCOME, loop: FOREVER });
    const second = await play();
    expect(call.done()).toMatchObject([{ name: first.id, content: [{ iterate: 'forever' }] }]);
    expect(call.media.peer.inbox).toEqual([]);
    await call.world.plays.stopPlay(call.id, first.id);
    expect(call.done()).toMatchObject([{ element: 'dialogend' }]);
    call.tell('msml.dialog.exit', first.id, { 'play.end': 'terminate' });
    expect((await read(first.id))?.state).toBe('stopped');
    expect(call.done()).toMatchObject([{ name: second.id }]);
  });

  it('is barged when a digit ended it', async () => {
    call.connectAlone();
    const { id } = await play({ ...WELCOME, barge: true });
    call.done();
    call.tell('msml.dialog.exit', id, { 'play.end': 'terminate' });
    expect((await read(id))?.state).toBe('barged');
    expect(finished).toEqual(['play barged']);
  });

  it('fails with what the media server says, at once or later', async () => {
    call.connectAlone();
    const refused = await play();
    call.done('521', 'no more dialogs');
    expect(await read(refused.id)).toMatchObject({
      state: 'failed',
      error: { code: 'media_server_refused', detail: 'MSML 521: no more dialogs' },
    });
    expect(call.media.msml().operations).toMatchObject([{ element: 'dialogend' }]);
    const missing = await play();
    expect(call.media.peer.inbox).toEqual([]);
    expect((await read(missing.id))?.state).toBe('queued');
  });

  it('fails when its file is missing, which the media server finds later', async () => {
    call.connectAlone();
    const { id } = await play();
    call.done();
    call.tell('msml.dialog.exit', id, {
      'dialog.exit.status': '410',
      'dialog.exit.description': 'No file found for audio uri',
    });
    expect(await read(id)).toMatchObject({
      state: 'failed',
      error: { code: 'media_server_failed', detail: 'MSML 410: No file found for audio uri' },
    });
  });

  it('fails when the call can not be moved', async () => {
    call.connect();
    const { id } = await play();
    const second = await play();
    call.media.accept();
    call.caller.respond(call.caller.request('INVITE'), 488);
    call.caller.request('ACK');
    call.media.peer.request('ACK');
    call.media.peer.respond(call.media.peer.request('BYE'), 200);
    expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'media_unavailable' } });
    expect((await read(second.id))?.state).toBe('failed');
    expect(call.world.call).toMatchObject({ state: 'in_progress', mode: 'direct', procedure: null });
  });

  it('does not wait for ever for an exit that never comes after it was stopped', async () => {
    call.connectAlone();
    const { id } = await play();
    call.done();
    await call.world.plays.stopPlay(call.id, id);
    call.done();
    expect((await read(id))?.state).toBe('playing');
    call.world.clock.advance(2_000);
    expect((await read(id))?.state).toBe('stopped');
  });

  it('fails when the media server answers with 5xx, or never', async () => {
    call.connectAlone();
    const { id } = await play();
    call.media.peer.respond(call.media.msml().info, 500);
    expect((await read(id))?.error).toEqual({
      code: 'media_server_refused',
      detail: 'MSML SIP 500: SIP 500',
    });
    call.media.result(call.media.msml().info);
    const unanswered = await play();
    call.media.msml();
    call.world.clock.advance(32_000);
    expect(await read(unanswered.id)).toMatchObject({ state: 'failed' });
  });

  it('is completed by an exit that comes before the result, and the result changes nothing', async () => {
    call.connectAlone();
    const { id } = await play();
    const { info } = call.media.msml();
    call.tell('msml.dialog.exit', id, PLAYED);
    expect((await read(id))?.state).toBe('completed');
    call.media.result(info);
    expect((await read(id))?.state).toBe('completed');
    expect(await eventsOfPlays()).toEqual(['play.started', 'play.completed']);
  });

  it('is not ended by the exit of something else', async () => {
    call.connectAlone();
    const { id } = await play();
    call.done();
    call.tell('msml.dialog.exit', 'play_other', PLAYED);
    expect((await read(id))?.state).toBe('playing');
  });

  it('stops with its call, and leaves nothing behind', async () => {
    call.connectAlone();
    const { id } = await play();
    const waiting = await play();
    call.done();
    call.hangUp();
    call.endMedia(1);
    const { plays } = call.world;
    const callId = (await call.world.events.read('', 1)).events[0]?.subject ?? '';
    expect((await plays.getPlay(callId, id))?.state).toBe('stopped');
    expect((await plays.getPlay(callId, waiting.id))?.state).toBe('stopped');
    expect((await call.world.eventTypes()).slice(-3)).toEqual(['play.stopped', 'play.stopped', 'call.ended']);
    expect(call.world.settle()).toEqual(NOTHING_HELD);
  });

  it('is over when the media server hangs up in the middle of it', async () => {
    call.connectAlone();
    const { id } = await play();
    call.done();
    const callId = call.id;
    call.mediaHangsUp();
    expect(await call.world.plays.getPlay(callId, id)).toMatchObject({ state: 'stopped' });
    expect((await call.world.eventTypes()).slice(-2)).toEqual(['play.stopped', 'call.ended']);
    expect(call.world.settle()).toEqual(NOTHING_HELD);
  });

  describe('whose process dies before it has heard the answer', () => {
    let id: string;
    let first: SipRequest;
    let copy: SipRequest;

    beforeEach(async () => {
      call.connectAlone();
      ({ id } = await play());
      first = call.media.msml().info;
      call = await call.takenOver();
      listen();
      copy = call.media.peer.request('INFO');
      call.ofCaller.dialog.cseq = 20;
    });

    afterEach(() => {
      // Nothing is asked for a second time.
      expect(call.media.peer.inbox).toEqual([]);
    });

    it('is asked for by a copy of the request, so that a media server does it once', async () => {
      expect(copy.via.branch).toBe(first.via.branch);
      expect(copy.cseq).toEqual(first.cseq);
      expect(copy.body.toString()).toBe(first.body.toString());
      call.media.result(copy);
      expect((await read(id))?.state).toBe('playing');
      call.tell('msml.dialog.exit', id, PLAYED);
      expect(finished).toEqual(['play completed']);
    });

    it('has been heard when its end is told before the answer', async () => {
      call.tell('msml.dialog.exit', id, PLAYED);
      call.media.result(copy);
      expect(finished).toEqual(['play completed']);
      expect(await eventsOfPlays()).toEqual(['play.started', 'play.completed']);
    });

    it('is not asked for once more by the process after that', async () => {
      call = await call.takenOver();
      const third = call.media.peer.request('INFO');
      expect([third.via.branch, third.cseq.number]).toEqual([first.via.branch, first.cseq.number]);
    });

    it('fails as unknown when the media server has forgotten what it answered', async () => {
      call.media.peer.respond(copy, 200);
      expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'outcome_unknown' } });
      // Whatever it is doing, it ends.
      expect(call.done()).toMatchObject([
        { element: 'dialogend', id: `${call.ofCaller.connection}/dialog:${id}` },
      ]);
    });
  });

  it('counts as started when the media server has its name already', async () => {
    call.connectAlone();
    const { id } = await play();
    call.done('431', 'name in use');
    expect((await read(id))?.state).toBe('playing');
  });

  it('is refused where nobody hears it', async () => {
    const { plays } = call.world;
    expect(await plays.startPlay('call_x', WELCOME)).toMatchObject({ code: 'call_not_found' });
    call.connectAlone();
    expect(await plays.startPlay(call.id, { ...WELCOME, leg: 'callee' })).toMatchObject({
      refused: 'conflict',
      code: 'leg_not_connected',
    });
    expect(await plays.stopPlay(call.id, 'play_x')).toMatchObject({ code: 'play_not_found' });
  });

  it('is refused when too many wait', async () => {
    call.connectAlone();
    for (let count = 0; count < 20; count += 1) await play();
    expect(await call.world.plays.startPlay(call.id, WELCOME)).toMatchObject({ code: 'media_work_pending' });
  });
});
