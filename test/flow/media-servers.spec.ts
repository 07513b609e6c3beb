import type { MediaServer } from '@legato/b2bua';
import type { MsmlDialect } from '@legato/msml';
import type { FlowPeer } from './support/flow-peer';
import { FlowMediaServer } from './support/flow-media-server';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const URI = `sip:2000@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const MSML = 'application/msml+xml';
const RECORDED = `<msml version="1.1"><event name="msml.dialog.exit" id="ID"><name>record.recordid</name><value>file:///r.wav</value><name>record.len</name><value>1740</value></event></msml>`;

const server = (number: number, more: Partial<MediaServer> = {}): MediaServer => ({
  id: `ms${number}`,
  uri: `sip:192.0.2.${number}:5080`,
  dialect: 'rfc',
  weight: 1,
  ...more,
});

describe('a call and its media server', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;
  let media: FlowMediaServer;

  async function start(servers: readonly MediaServer[] = [server(9)], more: { tcp?: true } = {}) {
    const routes = { '2000': { to: 'sip:bob@192.0.2.3:5060', mode: 'anchored' } } as const;
    world = await FlowWorld.start({ routes, mediaServers: servers, ...more });
    attach();
  }

  function attach(): void {
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
    media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
  }

  afterEach(() => expect(world.errors).toEqual([]));

  function connect() {
    const dialog = caller.invite(URI, { text: OFFER });
    const ofCaller = media.accept();
    const ofCallee = media.accept();
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    const join = media.msml();
    media.result(join.info);
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    return { dialog, ofCaller, ofCallee, join, remote: callee.accepted(invite) };
  }

  async function record(channels: 'mono' | 'dual' = 'dual') {
    const recording = await world.recordings.startRecording(world.call.id, { channels });
    if (!('id' in recording)) throw new Error(recording.detail);
    const start = media.msml();
    media.result(start.info);
    return { id: recording.id, start: start.info };
  }

  function hangUp(dialog: ReturnType<typeof connect>['dialog']): void {
    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
  }

  function release(): void {
    for (let left = 2; left > 0; left -= 1) media.peer.respond(media.peer.request('BYE'), 200);
  }

  it.each([
    ['rfc', MSML, 'encoding="UTF-8"', ' dest='],
    ['xms', 'application/xml', 'standalone="yes"', ' dest='],
    ['convedia', MSML, 'encoding="US-ASCII"', ' dest='],
    ['mavenir', MSML, 'encoding="US-ASCII"', ' recordingdest='],
  ] as const)(
    'speaks %s to a media server of that dialect',
    async (dialect: MsmlDialect, type, head, dest) => {
      await start([server(9, { dialect })]);
      const { join } = connect();
      expect(join.info.contentType).toBe(type);
      const { start: info } = await record();
      expect([info.contentType, info.body.toString()]).toEqual([type, expect.stringContaining(head)]);
      expect(info.body.toString()).toContain(dest);
    },
  );

  it('remembers the dialect, whatever the configuration says after a restart', async () => {
    await start([server(9, { dialect: 'mavenir' })]);
    connect();
    const { id } = await record();
    world = await FlowWorld.start({ table: world.table, mediaServers: [server(9)] });
    attach();
    await world.registry.restore('node-1');
    await world.recordings.stopRecording(id);
    const { info } = media.msml();
    expect(info.body.toString()).toContain('encoding="US-ASCII"');
    expect(world.mediaServers.standings()[0]?.connections).toBe(2);
  });

  it('asks the next one in its own dialect, with its own patience', async () => {
    await start([server(9, { dialect: 'convedia', answerMs: 300 }), server(10, { dialect: 'mavenir' })]);
    caller.invite(URI, { text: OFFER });
    const silent = media;
    media = new FlowMediaServer(world.peer('ms2', '192.0.2.10', 5080));
    silent.peer.request('INVITE');
    world.clock.advance(300);
    media.accept();
    media.accept();
    callee.respond(callee.request('INVITE'), 200, { text: ANSWER });
    expect(media.msml().info.body.toString()).toContain('US-ASCII');
    expect(world.call).toMatchObject({ mediaServer: 'sip:192.0.2.10:5080', mediaDialect: 'mavenir' });
  });

  it.each([
    ['TCP', undefined],
    ['UDP', new Error('ECONNREFUSED')],
  ])(
    'sends a large request by %s, when a connection fails with %p (RFC 3261 §18.1.1)',
    async (protocol, failure) => {
      await start([server(9)], { tcp: true });
      connect();
      world.tcp.failure = failure;
      const sources = Array.from({ length: 16 }, (_, at) => ({
        file: `announcement-number-${at}-of-sixteen.wav`,
      }));
      await world.plays.startPlay(world.call.id, { sources, leg: 'caller', loop: 1, barge: false });
      world.clock.advance(0);
      const { info } = media.msml();
      expect(info.body.length).toBeGreaterThan(1000);
      expect([info.via.protocol, world.tcp.sent.length]).toEqual([protocol, protocol === 'TCP' ? 1 : 0]);
      media.result(info);
      expect(await world.plays.listPlays(world.call.id)).toMatchObject([{ state: 'playing' }]);
    },
  );

  it('counts its connections, and holds none when it is over', async () => {
    await start([server(9, { capacity: 2 }), server(10)]);
    const { dialog } = connect();
    expect(world.mediaServers.standings().map(({ connections }) => connections)).toEqual([2, 0]);
    const second = world.peer('ms2', '192.0.2.10', 5080);
    caller.invite(URI, { text: OFFER });
    second.request('INVITE');
    expect(
      media.peer.inbox.filter((message) => message.kind === 'request' && message.method === 'INVITE'),
    ).toEqual([]);
    hangUp(dialog);
    release();
    expect(world.mediaServers.standings()[0]?.connections).toBe(0);
  });

  it('holds none for a media server that does not answer, nor for a call that is let go', async () => {
    await start();
    caller.invite(URI, { text: OFFER });
    media.peer.request('INVITE');
    expect(world.mediaServers.standings()[0]?.connections).toBe(1);
    world.clock.advance(4_000);
    caller.response(503);
    world.clock.advance(64 * 500);
    expect(world.mediaServers.standings()[0]?.connections).toBe(0);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('keeps both parties at one, even when that drains in the meantime', async () => {
    await start([server(9), server(10)]);
    caller.invite(URI, { text: OFFER });
    media.accept();
    world.mediaServers.setDrains('sip:192.0.2.9:5080', true);
    media.accept();
    callee.request('INVITE');
    const second = world.peer('ms2', '192.0.2.10', 5080);
    caller.invite(URI, { text: OFFER });
    second.request('INVITE');
  });

  it('gives new work to another one when it says that it is full', async () => {
    await start([server(9, { weight: 5 }), server(10)]);
    connect();
    const recording = await world.recordings.startRecording(world.call.id, { channels: 'dual' });
    expect(recording).toHaveProperty('id');
    media.result(media.msml().info, '521', 'No more dialogs');
    const second = world.peer('ms2', '192.0.2.10', 5080);
    caller.invite(URI, { text: OFFER });
    second.request('INVITE');
  });

  it('answers 503 with Retry-After when none takes work', async () => {
    await start([server(9), server(10)]);
    world.mediaServers.setDrains('sip:192.0.2.9:5080', true);
    world.mediaServers.setWorks('sip:192.0.2.10:5080', false);
    caller.invite(URI, { text: OFFER });
    expect(caller.response(503).headers.get('Retry-After')).toBe('5');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('passes on what a media server wants of a camera, and keeps the rest to itself (RFC 5168)', async () => {
    await start();
    const { ofCaller } = connect();
    media.peer.within(ofCaller.dialog, 'INFO', {
      type: 'application/media_control+xml',
      text: '<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>',
    });
    const relayed = caller.request('INFO');
    expect(relayed.contentType).toBe('application/media_control+xml');
    caller.respond(relayed, 200);
    media.peer.response(200);
    media.peer.within(ofCaller.dialog, 'INFO', { type: 'text/plain', text: 'hello' });
    expect(media.peer.response(415).headers.get('Accept')).toContain(MSML);
    media.peer.within(ofCaller.dialog, 'INFO');
    media.peer.response(200);
    expect(caller.inbox).toEqual([]);
    expect((await world.eventTypes()).includes('info.received')).toBe(false);
  });

  it('reads results in the body of a BYE (RFC 5707 §3.1)', async () => {
    await start();
    const { ofCaller } = connect();
    const { id } = await record();
    const text = RECORDED.replace('ID', `${ofCaller.connection}/dialog:${id}`);
    media.peer.within(ofCaller.dialog, 'BYE', { type: MSML, text });
    media.peer.response(200);
    expect(await world.b2bua.getCall(world.call.id)).toBeDefined();
    expect(await world.recordings.getRecording(id)).toMatchObject({
      state: 'completed',
      duration_ms: 1740,
      file: 'file:///r.wav',
    });
  });

  it('counts events about objects that nobody knows', async () => {
    await start();
    const { ofCaller } = connect();
    media.event(ofCaller.dialog, 'msml.dialog.exit', `${ofCaller.connection}/dialog:other`);
    media.peer.response(200);
    expect(world.b2bua.counts()['msml_unknown_events']).toBe(1);
  });

  it('knows of the conference of a mixed recording that it is gone', async () => {
    await start();
    const { ofCaller } = connect();
    const { id } = await record('mono');
    const conference = `conf:${world.call.id}`;
    media.event(ofCaller.dialog, 'msml.dialog.exit', `${conference}/dialog:${id}`, {
      'record.recordid': 'file:///r',
    });
    media.event(ofCaller.dialog, 'msml.conf.nomedia', conference);
    expect(world.call.conference).toBeUndefined();
    expect(world.b2bua.counts()['msml_unknown_events']).toBe(0);
  });
});
