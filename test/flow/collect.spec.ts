import type { Call, CollectRequest, CollectView, FinishedMediaWork } from '@legato/b2bua';
import { isRefused } from '@legato/b2bua';
import { NOTHING_HELD } from './support/flow-world';
import { MediaCall } from './support/media-call';

const PIN: CollectRequest = {
  leg: 'caller',
  prompt: [{ file: 'pin.wav' }],
  barge: true,
  digits: { min: 4, max: 6, term: '#' },
  firstDigitMs: 5000,
  interDigitMs: 3000,
  retries: 0,
  sensitive: false,
};
/** So that it is found wherever it leaks to. */
const CANARY = '918273';
const MATCHED = { 'dtmf.digits': `${CANARY}#`, 'dtmf.len': '7', 'dtmf.last': '#', 'dtmf.end': 'dtmf.match' };

describe('a collection of digits', () => {
  let call: MediaCall;
  let finished: FinishedMediaWork[];

  beforeEach(async () => {
    call = await MediaCall.start();
    finished = [];
    const note = (_call: Call, work: FinishedMediaWork) => finished.push(work);
    call.world.registry.mediaWorkListeners.register(note);
  });

  afterEach(() => {
    expect(call.world.errors).toEqual([]);
  });

  async function collect(request: Partial<CollectRequest> = {}): Promise<CollectView> {
    const answer = await call.world.collects.startCollect(call.id, { ...PIN, ...request });
    if (isRefused(answer)) throw new Error(answer.detail);
    return answer;
  }

  const read = (id: string) => call.world.collects.readCollect(call.id, id);
  const exit = (id: string, values: Readonly<Record<string, string>>, attempt = 1) =>
    call.tell('msml.dialog.exit', `${id}.${attempt}`, values);
  const finishedEvents = async () =>
    (await call.world.events.read('', 1000)).events
      .filter(({ type }) => type === 'collect.finished')
      .map(({ data }) => data);

  it('asks with a prompt, matches, and tells the digits without the key that ended them', async () => {
    call.connectAlone();
    const { id } = await collect();
    expect(call.done()).toMatchObject([
      {
        element: 'dialogstart',
        target: call.ofCaller.connection,
        name: `${id}.1`,
        content: [
          {
            element: 'collect',
            cleardb: true,
            fdt: '5000ms',
            idt: '3000ms',
            play: [{ barge: true, audio: [{ uri: 'file://pin.wav' }] }],
            pattern: [{ digits: 'min=4;max=6;rtk=#' }],
            dtmfexit: [{ element: 'exit', namelist: 'dtmf.digits dtmf.end' }],
          },
        ],
      },
    ]);
    expect((await read(id))?.state).toBe('collecting');
    exit(id, MATCHED);
    expect(await read(id)).toMatchObject({ state: 'matched', digits: CANARY, attempts: 1 });
    expect(await read(id)).toMatchObject({ digits: CANARY });
    expect(await finishedEvents()).toMatchObject([
      { collect_id: id, outcome: 'matched', digits: CANARY, sensitive: false },
    ]);
    expect(finished).toEqual([{ kind: 'collect', id, outcome: 'matched', digits: CANARY }]);
  });

  it.each([
    [{ pattern: '1x#' }, '1x#'],
    [{ min: 4, max: 4 }, 'xxxx'],
    [{ min: 1, max: 5 }, 'min=1;max=5'],
  ])('asks for %j', async (digits, pattern) => {
    call.connectAlone();
    await collect({ digits, prompt: [] });
    expect(call.done()).toMatchObject([{ content: [{ starttimer: true, pattern: [{ digits: pattern }] }] }]);
  });

  it('tries again with the prompt for what went wrong, and gives up after its retries', async () => {
    call.connectAlone();
    const { id } = await collect({
      retries: 2,
      noInputPrompt: [{ file: 'nothing.wav' }],
      noMatchPrompt: [{ file: 'wrong.wav' }],
    });
    call.done();
    exit(id, { 'dtmf.end': 'dtmf.noinput' });
    const prompted = (file: string) => [
      { content: [{ play: [{ audio: [{ uri: `file://${file}` }, { uri: 'file://pin.wav' }] }] }] },
    ];
    expect(call.done()).toMatchObject(prompted('nothing.wav'));
    exit(id, { 'dtmf.digits': '12', 'dtmf.end': 'dtmf.nomatch' }, 2);
    expect(call.done()).toMatchObject(prompted('wrong.wav'));
    expect(await read(id)).toMatchObject({ state: 'collecting', attempts: 3 });
    exit(id, { 'dtmf.end': 'dtmf.noinput' }, 3);
    expect(await read(id)).toMatchObject({ state: 'no_input', attempts: 3 });
    expect((await read(id))?.digits).toBeUndefined();
    expect(await finishedEvents()).toMatchObject([{ outcome: 'no_input' }]);
  });

  it('has no match without retries', async () => {
    call.connectAlone();
    const { id } = await collect();
    call.done();
    exit(id, { 'dtmf.digits': '12', 'dtmf.end': 'dtmf.nomatch' });
    expect((await read(id))?.state).toBe('no_match');
  });

  it('ignores an exit of an attempt that is over', async () => {
    call.connectAlone();
    const { id } = await collect({ retries: 1 });
    call.done();
    exit(id, { 'dtmf.end': 'dtmf.noinput' });
    call.done();
    exit(id, MATCHED, 1);
    expect((await read(id))?.state).toBe('collecting');
  });

  it('is terminated over REST, also when the media server says nothing more', async () => {
    call.connectAlone();
    const { id } = await collect({ retries: 3 });
    call.done();
    await call.world.collects.stopCollect(call.id, id);
    expect(call.done()).toMatchObject([
      { element: 'dialogend', id: `${call.ofCaller.connection}/dialog:${id}.1` },
    ]);
    call.world.clock.advance(2_000);
    expect((await read(id))?.state).toBe('terminated');
  });

  it('waits for the play before it, and the play after it waits for it', async () => {
    call.connectAlone();
    const play = { sources: [{ file: 'a.wav' }], loop: 1, barge: false };
    const first = await call.world.plays.startPlay(call.id, play);
    const { id } = await collect();
    const last = await call.world.plays.startPlay(call.id, play);
    if (isRefused(first) || isRefused(last)) throw new Error('refused');
    expect(call.done()).toMatchObject([{ name: first.id }]);
    expect(call.media.peer.inbox).toEqual([]);
    call.tell('msml.dialog.exit', first.id, { 'play.end': 'play.complete' });
    expect(call.done()).toMatchObject([{ name: `${id}.1` }]);
    expect(call.media.peer.inbox).toEqual([]);
    exit(id, MATCHED);
    expect(call.done()).toMatchObject([{ name: last.id }]);
  });

  it('fails when the media server refuses, never answers, or reports a failure', async () => {
    call.connectAlone();
    const refused = await collect();
    call.done('520', 'no collector left');
    expect(await read(refused.id)).toMatchObject({
      state: 'failed',
      error: { code: 'media_server_refused', detail: 'MSML 520: no collector left' },
    });
    const missing = await collect();
    call.done();
    exit(missing.id, { 'dialog.exit.status': '423' });
    expect((await read(missing.id))?.error).toEqual({ code: 'media_server_failed', detail: 'MSML 423:' });
    const unanswered = await collect();
    call.media.msml();
    call.world.clock.advance(32_000);
    expect((await read(unanswered.id))?.error?.code).toBe('media_server_refused');
  });

  it('ends with its call', async () => {
    call.connectAlone();
    const { id } = await collect();
    call.done();
    const callId = call.id;
    call.hangUp();
    call.endMedia(1);
    expect((await call.world.collects.readCollect(callId, id))?.state).toBe('terminated');
    expect(call.world.settle()).toEqual(NOTHING_HELD);
  });

  it('is over when the media server hangs up in the middle of it', async () => {
    call.connectAlone();
    const { id } = await collect();
    call.done();
    const callId = call.id;
    call.mediaHangsUp();
    expect(await call.world.collects.readCollect(callId, id)).toMatchObject({
      state: 'terminated',
    });
    expect(await finishedEvents()).toMatchObject([{ call_id: callId }]);
    expect(call.world.settle()).toEqual(NOTHING_HELD);
  });

  describe('that is sensitive', () => {
    async function recorded(): Promise<string> {
      call.connectAlone();
      const answer = await call.world.recordings.startRecording(call.id, { channels: 'dual' });
      if (isRefused(answer)) throw new Error(answer.detail);
      call.done();
      return answer.id;
    }
    const recordingState = async (id: string) => (await call.world.recordings.getRecording(id))?.state;
    /** Everything that is stored or told. */
    const everything = async () =>
      JSON.stringify([
        call.world.table.list(undefined, 1000),
        (await call.world.events.read('', 1000)).events,
        call.world.call,
        call.world.errors,
      ]);

    it('silences the recording in the request that starts it, and lets it go on afterwards', async () => {
      const rec = await recorded();
      const { id } = await collect({ sensitive: true });
      expect(call.done()).toMatchObject([
        {
          element: 'send',
          event: 'pause.silence.sensitive',
          target: `${call.ofCaller.connection}/dialog:${rec}/record`,
        },
        { element: 'dialogstart', name: `${id}.1` },
      ]);
      expect(await recordingState(rec)).toBe('paused');
      exit(id, MATCHED);
      expect(call.done()).toMatchObject([{ element: 'send', event: 'resume' }]);
      expect(await recordingState(rec)).toBe('recording');
      expect(await call.world.eventTypes()).toEqual(
        expect.arrayContaining(['recording.paused', 'recording.resumed', 'collect.finished']),
      );
    });

    it('tells its digits to the first who reads them, to the flow, and to nothing else', async () => {
      await recorded();
      const { id } = await collect({ sensitive: true });
      call.done();
      call.tell('moml.exit', `${id}.1`, MATCHED);
      expect(await everything()).not.toContain(CANARY);
      call.tell('msml.dialog.exit', `${id}.1`);
      expect(finished).toEqual([{ kind: 'collect', id, outcome: 'matched', digits: CANARY }]);
      expect(JSON.stringify(await call.world.collects.listCollects(call.id))).not.toContain(CANARY);
      expect(await everything()).not.toContain(CANARY);
      expect(await read(id)).toMatchObject({ state: 'matched', digits: CANARY });
      expect((await read(id))?.digits).toBeUndefined();
      expect((await finishedEvents())[0]).not.toHaveProperty('digits', CANARY);
      expect(await everything()).not.toContain(CANARY);
    });

    it('keeps a digit that the party sends by INFO from the other party and from the event log', async () => {
      call.connect();
      const { id } = await collect({ sensitive: true });
      call.move();
      call.done();
      const relay = { type: 'application/dtmf-relay', text: `Signal=${CANARY}` };
      call.caller.within(call.dialog, 'INFO', relay);
      call.caller.response(200);
      expect(call.callee.inbox).toEqual([]);
      expect(await everything()).not.toContain(CANARY);
      exit(id, MATCHED);
      call.caller.within(call.dialog, 'INFO', relay);
      expect(call.callee.request('INFO').body.toString()).toContain(CANARY);
    });

    it('is not started when the recording can not be silenced', async () => {
      const rec = await recorded();
      const { id } = await collect({ sensitive: true });
      call.done('430', 'no such dialog');
      expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'media_server_refused' } });
      expect(call.done()).toMatchObject([{ event: 'resume' }]);
      expect(await recordingState(rec)).toBe('recording');
    });

    it('leaves a recording paused that somebody paused meanwhile', async () => {
      const rec = await recorded();
      const { id } = await collect({ sensitive: true });
      call.done();
      await call.world.recordings.pauseRecording(rec, { mode: 'silence', reason: 'card' });
      exit(id, MATCHED);
      expect(call.media.peer.inbox).toEqual([]);
      expect(await recordingState(rec)).toBe('paused');
      await call.world.recordings.resumeRecording(rec);
      expect(call.done()).toMatchObject([{ event: 'resume' }]);
      expect(await recordingState(rec)).toBe('recording');
    });

    it('is not heard when somebody resumes the recording meanwhile', async () => {
      const rec = await recorded();
      await collect({ sensitive: true });
      call.done();
      await call.world.recordings.resumeRecording(rec);
      expect(call.media.peer.inbox).toEqual([]);
      expect(await recordingState(rec)).toBe('paused');
    });

    it('holds a new recording back until it is over', async () => {
      call.connectAlone();
      const { id } = await collect({ sensitive: true });
      call.done();
      const answer = await call.world.recordings.startRecording(call.id, { channels: 'dual' });
      if (isRefused(answer)) throw new Error(answer.detail);
      expect(call.media.peer.inbox).toEqual([]);
      exit(id, MATCHED);
      expect(call.done()).toMatchObject([{ element: 'dialogstart', name: answer.id }]);
    });

    it('stays silent in a process that takes the call over', async () => {
      const rec = await recorded();
      const { id } = await collect({ sensitive: true });
      call.done();
      call = await call.takenOver();
      expect(call.done()).toMatchObject([{ event: 'pause.silence.sensitive' }]);
      call.ofCaller.dialog.cseq = 20;
      exit(id, MATCHED);
      expect(call.done()).toMatchObject([{ event: 'resume' }]);
      expect(await recordingState(rec)).toBe('recording');
      expect(await read(id)).toMatchObject({ state: 'matched', digits: CANARY });
    });
  });
});
