import type { RecordingView } from '@legato/b2bua';
import { isRefused } from '@legato/b2bua';
import type { FlowPeer } from './support/flow-peer';
import { FlowMediaServer } from './support/flow-media-server';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');

describe('a recording over REST', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;

  beforeEach(async () => {
    world = await FlowWorld.start({ routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } } });
    attach();
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  function attach(): void {
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
  }

  function connect() {
    const dialog = caller.invite(`sip:1000@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { dialog, remote: callee.accepted(invite) };
  }

  async function ask(channels: 'mono' | 'dual'): Promise<RecordingView> {
    const answer = await world.recordings.startRecording(world.call.id, { channels });
    if (isRefused(answer)) throw new Error(answer.detail);
    return answer;
  }

  /** Both parties are re-INVITEd to the media server and joined. */
  function move() {
    const ofCaller = media.accept();
    const toCaller = caller.request('INVITE');
    expect(toCaller.body.toString()).toBe(ofCaller.description);
    caller.respond(toCaller, 200, { text: OFFER });
    caller.request('ACK');
    expect(media.peer.request('ACK').body.toString()).toBe(OFFER);
    const ofCallee = media.accept();
    const toCallee = callee.request('INVITE');
    callee.respond(toCallee, 200, { text: ANSWER });
    callee.request('ACK');
    media.peer.request('ACK');
    media.result(media.msml().info);
    return { ofCaller, ofCallee };
  }

  async function state(id: string): Promise<string | undefined> {
    return (await world.recordings.getRecording(id))?.state;
  }

  it('moves a direct call to the media server, records, and is complete when the file is reported', async () => {
    connect();
    const { id } = await ask('dual');
    expect(await state(id)).toBe('requested');
    const { ofCaller } = move();
    expect(world.call.mode).toBe('anchored');
    const start = media.msml();
    expect(start.operations).toMatchObject([
      {
        element: 'dialogstart',
        target: ofCaller.connection,
        name: id,
        content: [{ element: 'record', dest: `file://${id}.wav`, channels: '2' }],
      },
    ]);
    media.result(start.info);
    expect(await state(id)).toBe('recording');
    await world.recordings.stopRecording(id);
    const stop = media.msml();
    expect(stop.operations).toMatchObject([
      { element: 'dialogend', id: `${ofCaller.connection}/dialog:${id}` },
    ]);
    media.result(stop.info);
    const object = `${ofCaller.connection}/dialog:${id}`;
    media.event(ofCaller.dialog, 'moml.exit', object, {
      'record.len': '1740',
      'record.end': 'terminate',
      'record.recordid': `file:///recordings/${id}.wav`,
    });
    media.peer.response(200);
    media.event(ofCaller.dialog, 'msml.dialog.exit', object);
    expect(await world.recordings.getRecording(id)).toMatchObject({
      state: 'completed',
      duration_ms: 1740,
      file: `file:///recordings/${id}.wav`,
    });
    expect(await world.eventTypes()).toEqual([
      'call.queued',
      'call.answered',
      'call.moved',
      'recording.started',
      'recording.stopped',
      'recording.completed',
    ]);
  });

  it('mixes a mono recording in a conference that both parties move into', async () => {
    connect();
    const { id } = await ask('mono');
    const { ofCaller, ofCallee } = move();
    const { operations } = media.msml();
    expect(operations.map(({ element }) => element)).toEqual([
      'createconference',
      'unjoin',
      'join',
      'join',
      'dialogstart',
    ]);
    const conference = `conf:${world.call.id}`;
    expect(operations.slice(1)).toMatchObject([
      { id1: ofCaller.connection, id2: ofCallee.connection },
      { id1: ofCaller.connection, id2: conference },
      { id1: ofCallee.connection, id2: conference },
      { target: conference, name: id },
    ]);
  });

  it('fails, and joins the parties again, when the media server refuses', async () => {
    connect();
    const { id } = await ask('mono');
    move();
    media.result(media.msml().info, '520', 'no recorder left');
    expect(await world.recordings.getRecording(id)).toMatchObject({
      state: 'failed',
      error: { code: 'media_server_refused', detail: 'MSML 520: no recorder left' },
    });
    const undo = media.msml();
    expect(undo.operations).toMatchObject([{ element: 'destroyconference' }]);
    media.result(undo.info, '430');
    expect(media.msml().operations).toMatchObject([{ element: 'join' }]);
    expect(world.call.state).toBe('in_progress');
  });

  it('fails and leaves the call direct when a party refuses to move', async () => {
    connect();
    const { id } = await ask('dual');
    media.accept();
    caller.respond(caller.request('INVITE'), 488);
    caller.request('ACK');
    media.peer.request('ACK');
    media.peer.respond(media.peer.request('BYE'), 200);
    expect(await world.recordings.getRecording(id)).toMatchObject({
      state: 'failed',
      error: { code: 'media_unavailable' },
    });
    expect(world.call).toMatchObject({ state: 'in_progress', mode: 'direct' });
  });

  it('gives the first party its peer back when the second refuses to move', async () => {
    connect();
    await ask('dual');
    media.accept();
    caller.respond(caller.request('INVITE'), 200, { text: OFFER });
    media.accept();
    callee.respond(callee.request('INVITE'), 488);
    const back = caller.request('INVITE');
    expect(back.body.toString()).toBe(ANSWER);
    caller.respond(back, 200, { text: OFFER });
    caller.request('ACK');
    expect(world.call).toMatchObject({ state: 'in_progress', mode: 'direct' });
  });

  it('is not lost when the parties hang up: the media server is let go after it has reported', async () => {
    const { dialog } = connect();
    const { id } = await ask('dual');
    const { ofCaller } = move();
    media.result(media.msml().info);
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    media.result(media.msml().info);
    expect(media.peer.inbox).toEqual([]);
    media.event(ofCaller.dialog, 'msml.dialog.exit', `${ofCaller.connection}/dialog:${id}`, {
      'record.len': '10',
      'record.recordid': `file:///${id}.wav`,
    });
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
    expect(await state(id)).toBe('completed');
    expect((await world.eventTypes()).slice(-2)).toEqual(['recording.completed', 'call.ended']);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('is absent when the media server never reports, and the call ends all the same', async () => {
    const { dialog } = connect();
    const { id } = await ask('dual');
    move();
    media.result(media.msml().info);
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    world.clock.advance(5_000);
    expect(await state(id)).toBe('absent');
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('is refused before the call is answered and after it has ended', async () => {
    caller.invite(`sip:1000@${LEGATO.host}:${LEGATO.port}`, { text: OFFER });
    expect(await world.recordings.startRecording(world.call.id, { channels: 'mono' })).toMatchObject({
      refused: 'conflict',
    });
    expect(await world.recordings.startRecording('call_x', { channels: 'mono' })).toMatchObject({
      refused: 'not_found',
    });
  });

  it('can not be ended by an event that a party forges', async () => {
    const { dialog } = connect();
    const { id } = await ask('dual');
    const { ofCaller } = move();
    media.result(media.msml().info);
    caller.within(dialog, 'INFO', {
      type: 'application/msml+xml',
      text: `<msml version="1.1"><event name="msml.dialog.exit" id="${ofCaller.connection}/dialog:${id}"/></msml>`,
    });
    caller.response(415);
    expect(await state(id)).toBe('recording');
  });

  it('goes on in a process that takes the call over, and is stopped there', async () => {
    const { dialog, remote } = connect();
    const { id } = await ask('dual');
    const { ofCaller } = move();
    media.result(media.msml().info);

    // The first process is gone without a word; a second one takes up what it stored.
    world = await FlowWorld.start({ table: world.table });
    attach();
    await world.registry.restore('node-1');
    expect(world.call).toMatchObject({ state: 'in_progress', mode: 'anchored' });
    await world.recordings.stopRecording(id);
    const stop = media.msml();
    expect(stop.operations).toMatchObject([{ element: 'dialogend' }]);
    media.result(stop.info);
    ofCaller.dialog.cseq = 5;
    media.event(ofCaller.dialog, 'msml.dialog.exit', `${ofCaller.connection}/dialog:${id}`, {
      'record.recordid': `file:///${id}.wav`,
    });
    expect(await state(id)).toBe('completed');
    callee.within(remote, 'BYE');
    callee.response(200);
    caller.respond(caller.request('BYE'), 200);
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
    expect(dialog.callId).toBeDefined();
    expect(world.settle()).toEqual(NOTHING_HELD);
  });
});
