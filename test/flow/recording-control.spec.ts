import type { RecordingRequest, RecordingView } from '@legato/b2bua';
import { isRefused } from '@legato/b2bua';
import { MediaCall } from './support/media-call';

const FILE = { 'record.len': '1000', 'record.end': 'terminate' };

describe('the control of a recording', () => {
  let call: MediaCall;

  beforeEach(async () => {
    call = await MediaCall.start();
  });

  afterEach(() => {
    expect(call.world.errors).toEqual([]);
  });

  async function start(request: RecordingRequest = { channels: 'dual' }): Promise<RecordingView> {
    const answer = await call.world.recordings.startRecording(call.id, request);
    if (isRefused(answer)) throw new Error(answer.detail);
    return answer;
  }
  async function running(request?: RecordingRequest): Promise<string> {
    const { id } = await start(request);
    call.done();
    return id;
  }
  const read = (id: string) => call.world.recordings.getRecording(id);
  const stateOf = async (id: string) => (await read(id))?.state;
  const recordings = () => call.world.recordings;
  const CARD = { mode: 'silence', reason: 'card number' } as const;

  it('records with every option', async () => {
    call.connectAlone();
    await start({
      channels: 'dual',
      maxMs: 60_000,
      maxSilenceMs: 3000,
      maxInitialSilenceMs: 5000,
      beep: true,
      sampleRateHz: 16_000,
    });
    expect(call.done()).toMatchObject([
      {
        content: [
          {
            element: 'record',
            channels: '2',
            maxtime: '60s',
            postspeech: '3000ms',
            prespeech: '5000ms',
            beep: true,
            audiosamplerate: '16',
          },
        ],
      },
    ]);
  });

  it('records each party on a track of its own, and one that fails leaves the other', async () => {
    call.connect();
    const caller = await start({ channels: 'mono', leg: 'caller' });
    const callee = await start({ channels: 'mono', leg: 'callee' });
    call.move();
    expect(call.done('520', 'no recorder left')).toMatchObject([{ target: call.ofCaller.connection }]);
    expect(call.done()).toMatchObject([{ target: call.ofCallee.connection, name: callee.id }]);
    expect(await read(caller.id)).toMatchObject({ state: 'failed', leg: 'caller' });
    expect(await read(callee.id)).toMatchObject({ state: 'recording', leg: 'callee' });
  });

  it('is paused with silence and a reason, and resumed', async () => {
    call.connectAlone();
    const id = await running();
    await recordings().pauseRecording(id, CARD);
    expect(await stateOf(id)).toBe('recording');
    expect(call.done()).toMatchObject([
      {
        element: 'send',
        event: 'pause.silence.card-number',
        target: `${call.ofCaller.connection}/dialog:${id}/record`,
      },
    ]);
    expect(await read(id)).toMatchObject({ state: 'paused', pause: CARD });
    await recordings().resumeRecording(id);
    expect(call.done()).toMatchObject([{ element: 'send', event: 'resume' }]);
    expect(await read(id)).toMatchObject({ state: 'recording' });
    expect((await read(id))?.pause).toBeUndefined();
    const events = (await call.world.events.read('', 100)).events.map(({ type, data }) => ({
      type,
      ...data,
    }));
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'recording.paused', mode: 'silence', reason: 'card number' }),
        expect.objectContaining({ type: 'recording.resumed', recording_id: id }),
      ]),
    );
  });

  it('is told the last of what was wanted while requests were under way', async () => {
    call.connectAlone();
    const id = await running();
    await recordings().pauseRecording(id, { mode: 'skip' });
    await recordings().resumeRecording(id);
    expect(call.done()).toMatchObject([{ event: 'pause' }]);
    expect(call.done()).toMatchObject([{ event: 'resume' }]);
    expect(await stateOf(id)).toBe('recording');
    expect(call.media.peer.inbox).toEqual([]);
  });

  it('goes from one way of pausing to the other', async () => {
    call.connectAlone();
    const id = await running();
    await recordings().pauseRecording(id, { mode: 'skip' });
    call.done();
    await recordings().pauseRecording(id, { mode: 'silence' });
    expect(call.done()).toMatchObject([{ event: 'resume' }, { event: 'pause.silence' }]);
    expect(await read(id)).toMatchObject({ state: 'paused', pause: { mode: 'silence' } });
  });

  it('is paused as soon as it runs when that was asked for before', async () => {
    call.connectAlone();
    const { id } = await start();
    await recordings().pauseRecording(id, CARD);
    expect(call.done()).toMatchObject([{ element: 'dialogstart' }]);
    expect(call.done()).toMatchObject([{ event: 'pause.silence.card-number' }]);
    expect(await stateOf(id)).toBe('paused');
  });

  it('stays as it was when the media server refuses, and says so', async () => {
    call.connectAlone();
    const id = await running();
    await recordings().pauseRecording(id, CARD);
    call.done('402', 'no pause here');
    expect(await stateOf(id)).toBe('recording');
    await recordings().pauseRecording(id, CARD);
    call.done();
    await recordings().resumeRecording(id);
    call.done('500');
    expect(await stateOf(id)).toBe('paused');
    const refused = (await call.world.events.read('', 100)).events.filter(
      ({ type }) => type === 'recording.refused',
    );
    expect(refused.map(({ data }) => data)).toMatchObject([
      { command: 'pause', error: { code: 'media_server_refused', detail: 'MSML 402: no pause here' } },
      { command: 'resume' },
    ]);
  });

  it('is stopped while it is paused, without the silence at its end', async () => {
    call.connectAlone();
    const id = await running({ channels: 'dual', trim: true });
    await recordings().pauseRecording(id, CARD);
    call.done();
    await recordings().stopRecording(id);
    expect(call.done()).toMatchObject([{ element: 'send', event: 'terminate.finalsilence' }]);
    call.tell('msml.dialog.exit', id, { ...FILE, 'record.recordid': `file:///${id}.wav` });
    expect(await stateOf(id)).toBe('completed');
    expect(await recordings().pauseRecording(id, CARD)).toMatchObject({ code: 'recording_ended' });
    expect(await recordings().resumeRecording(id)).toMatchObject({ code: 'recording_ended' });
  });

  it('ends by itself at its limits, and fails when nobody spoke', async () => {
    call.connectAlone();
    const long = await running();
    const file = { 'record.len': '60000', 'record.recordid': `file:///${long}.wav` };
    call.tell('msml.dialog.exit', long, { ...file, 'record.end': 'record.complete.maxlength' });
    expect(await stateOf(long)).toBe('completed');
    const silent = await running();
    call.tell('msml.dialog.exit', silent, { ...file, 'record.end': 'record.failed.prespeech' });
    expect(await stateOf(silent)).toBe('failed');
  });

  it('does not wait for ever for a file that is never reported', async () => {
    call.connectAlone();
    const id = await running();
    await recordings().stopRecording(id);
    call.done();
    call.world.clock.advance(5_000);
    expect(await read(id)).toMatchObject({ state: 'absent' });
    expect(call.world.call.state).toBe('in_progress');
  });

  it('is paused again in a process that takes the call over', async () => {
    call.connectAlone();
    const id = await running();
    await recordings().pauseRecording(id, CARD);
    call.done();
    call = await call.takenOver();
    expect(call.done()).toMatchObject([{ event: 'pause.silence.card-number' }]);
    expect(await stateOf(id)).toBe('paused');
    expect((await call.world.eventTypes()).filter((type) => type === 'recording.paused')).toEqual([]);
    await recordings().resumeRecording(id);
    expect(call.done()).toMatchObject([{ event: 'resume' }]);
  });

  it('is resumed there when nobody had heard the answer', async () => {
    call.connectAlone();
    const id = await running();
    await recordings().pauseRecording(id, CARD);
    call.done();
    await recordings().resumeRecording(id);
    call.media.msml();
    call = await call.takenOver();
    expect(call.done()).toMatchObject([{ event: 'resume' }]);
    expect(await stateOf(id)).toBe('recording');
  });

  it('is refused for a party that the call does not have', async () => {
    call.connectAlone();
    const answer = await recordings().startRecording(call.id, { channels: 'mono', leg: 'callee' });
    expect(answer).toMatchObject({ refused: 'conflict', code: 'leg_not_connected' });
    expect(await recordings().pauseRecording('rec_x', CARD)).toMatchObject({ code: 'recording_not_found' });
  });
});
