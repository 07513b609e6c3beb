import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave, writeWav } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, startControlPlane } from './support/apps';
import { Baresip } from './support/baresip';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import { headerOf, headersOf } from './support/wire-message';
import { WirePeer } from './support/wire-peer';

const seed = (name: string): Buffer => readFileSync(join(__dirname, '../fixtures/seeds', `${name}.sip`));

interface Registration {
  aor: string;
  bindings: { contact: string; expires_at: string; reach: string; source: string; user_agent?: string }[];
}

/** Real phones register with the control plane as a process over a real Redis, and are called through it. */
describe('a registered phone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-register-'));
  const peers: WirePeer[] = [];
  let redis: RedisServer;
  let control: ControlPlane;
  let rest: Rest;
  let env: Record<string, string>;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    redis = await RedisServer.start();
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'registrar',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
    };
    control = await startControlPlane(env);
    rest = new Rest(control.http);
  }, 60_000);

  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.close()));
  });

  afterAll(async () => {
    await control?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const registration = (aor: string) => rest.get<Registration>(`/v1/registrations/${aor}`);

  /** Opens a socket that is closed after the test. */
  async function phone(port = 0, host = '127.0.0.1'): Promise<WirePeer> {
    const peer = await WirePeer.open(control.sipPort, host, port);
    peers.push(peer);
    return peer;
  }

  async function call(user: string, host = control.sip): Promise<void> {
    const caller = await sipp({
      scenario: 'bench-caller-calls-then-hangs-up',
      remote: host,
      cwd: folder,
      service: user,
      extra: ['-d', '500'],
    });
    expect(await caller.child.exitWithin(60_000)).toBe(0);
  }

  it('is answered as the seeds show, one without branch and Expires: 200 with Contact and Expires 3600', async () => {
    // Its Via says so, and without rport that is where answers go.
    const bol = await phone(10586);
    bol.send(seed('000-03-register'));
    const ok = await eventually('a 200', () => bol.heard.find(({ status }) => status === 200));
    expect(headerOf(ok, 'contact')).toBe('<sip:192.168.2.161:10586>;expires=3600');
    expect(headerOf(ok, 'expires')).toBe('3600');
    expect(headerOf(ok, 'via')).toBe('SIP/2.0/UDP 192.168.2.161:10586;received=127.0.0.1');
    expect(headerOf(ok, 'to')).toMatch(/^<sip:01062237496@192\.168\.2\.89>;tag=\S+$/);
    expect(headerOf(ok, 'cseq')).toBe('1 REGISTER');
    expect(headerOf(ok, 'date')).toMatch(/ GMT$/);
    expect(await registration('sip:01062237496@192.168.2.89')).toMatchObject({
      bindings: [{ contact: 'sip:192.168.2.161:10586', reach: 'flow', source: '127.0.0.1:10586' }],
    });
  });

  it('behind a NAT is answered at its source, with received and rport filled, and called there (RFC 3581 §4)', async () => {
    const doubango = await phone();
    doubango.send(seed('002-03-register'));
    const ok = await eventually('a 200', () => doubango.heard.find(({ status }) => status === 200));
    expect(headerOf(ok, 'via')).toContain(`;rport=${doubango.port};received=127.0.0.1`);
    expect(headersOf(ok, 'contact')).toEqual(['<sip:1011@192.168.1.107:62118;transport=udp>;expires=30']);
    const { bindings } = await registration('sip:1011@47.98.109.96');
    expect(bindings).toMatchObject([{ reach: 'flow', source: `127.0.0.1:${doubango.port}` }]);
    expect(Date.parse(bindings[0]?.expires_at ?? '') - Date.now()).toBeGreaterThan(25_000);

    const caller = await phone();
    caller.send(inviteFrom(caller, 'sip:1011@47.98.109.96'));
    const rung = await doubango.request('INVITE');
    expect(rung.startLine).toBe('INVITE sip:1011@192.168.1.107:62118;transport=udp SIP/2.0');
    expect(headerOf(rung, 'to')).toContain('sip:1011@47.98.109.96');
  });

  it('keeps its NAT open with what is no message: nothing is answered, nothing is counted (RFC 5626 §3.5, §4.4)', async () => {
    const peer = await phone();
    const before = await rest.metric('legato_sip_received_total');
    for (const bytes of ['\r\n\r\n', '\r\n', '', '\0\0\0\0']) peer.send(bytes);
    expect((await peer.ask({ method: 'OPTIONS' })).status).toBe(200);
    expect(peer.heard).toHaveLength(1);
    expect(await rest.metric('legato_sip_received_total')).toBe(before + 1);
  });

  it('behind an edge proxy is called through its Path (RFC 3327 §5.3, §5.4)', async () => {
    const edge = await phone();
    const path = `<sip:edge@${edge.host}:${edge.port};lr>`;
    const headers = {
      To: '<sip:frank@127.0.0.1>',
      Contact: '<sip:frank@10.1.1.1>;expires=60',
      Require: 'path',
      Path: path,
    };
    const unaware = await edge.ask({ method: 'REGISTER', uri: 'sip:127.0.0.1', headers });
    expect([unaware.status, headerOf(unaware, 'unsupported')]).toEqual([420, 'path']);
    const aware = { ...headers, Supported: 'path' };
    const ok = await edge.ask({ method: 'REGISTER', uri: 'sip:127.0.0.1', headers: aware });
    expect([ok.status, headerOf(ok, 'path')]).toEqual([200, path]);
    (await phone()).send(inviteFrom(edge, 'sip:frank@127.0.0.1'));
    const invite = await edge.request('INVITE');
    expect(invite.startLine).toBe('INVITE sip:frank@10.1.1.1 SIP/2.0');
    expect(headersOf(invite, 'route')).toEqual([path]);
  });

  it('over TCP is called on the connection that it registered on (RFC 5626 §5.3)', async () => {
    const socket = connect(control.sipPort, '127.0.0.1');
    let heard = '';
    socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
    const seen = (what: string) => eventually(what, () => heard.includes(what));
    const register = [
      'REGISTER sip:127.0.0.1 SIP/2.0',
      'Via: SIP/2.0/TCP 192.168.1.5:5060;branch=z9hG4bK-tcp-1',
      'Max-Forwards: 70',
      'From: <sip:grace@127.0.0.1>;tag=g',
      'To: <sip:grace@127.0.0.1>',
      'Call-ID: tcp-1',
      'CSeq: 1 REGISTER',
      'Contact: <sip:grace@192.168.1.5:5060;transport=tcp>;expires=60',
      'Content-Length: 0',
    ];
    try {
      // A double CRLF before it is a ping, and has a pong.
      socket.write(`\r\n\r\n${register.join('\r\n')}\r\n\r\n`);
      await seen('SIP/2.0 200 OK');
      expect(heard.startsWith('\r\n')).toBe(true);
      const caller = await phone();
      caller.send(inviteFrom(caller, 'sip:grace@127.0.0.1'));
      await seen('INVITE sip:grace@192.168.1.5:5060;transport=tcp SIP/2.0');
    } finally {
      socket.destroy();
    }
  });

  it('is rung when SIPp registered it as the BOL client of the seeds does', async () => {
    const port = await workerPort();
    const common = { cwd: folder, port, service: '01062237496' };
    const scenario = 'phone-registers-as-bol-then-leaves';
    const phoneUp = await sipp({ scenario, remote: control.sip, ...common });
    expect(await phoneUp.child.exitWithin(20_000)).toBe(0);
    const callee = await sipp({ scenario: 'callee-rings-then-answers-then-takes-bye', ...common });
    await call('01062237496');
    expect(await callee.child.exitWithin(20_000)).toBe(0);
    expect(
      (await fetch(`${control.http}/v1/registrations/sip:01062237496@127.0.0.1`, { method: 'DELETE' }))
        .status,
    ).toBe(204);
    const types = await rest.eventTypes('sip:01062237496@127.0.0.1');
    expect(types).toEqual(['registration.added', 'registration.removed']);
  }, 90_000);

  it('rings in q order: the next one when the first is busy (RFC 3261 §16.6)', async () => {
    const [desk, mobile] = [await phone(), await phone()];
    for (const [peer, q] of [
      [desk, '0.9'],
      [mobile, '0.5'],
    ] as const) {
      const answer = await peer.ask({
        method: 'REGISTER',
        uri: 'sip:127.0.0.1',
        headers: { To: '<sip:carol@127.0.0.1>', Contact: `<${peer.uri}>;q=${q};expires=60` },
      });
      expect(answer.status).toBe(200);
    }
    const port = await workerPort();
    const callee = await sipp({ scenario: 'callee-rings-then-answers-then-takes-bye', cwd: folder, port });
    const last = await (
      await phone()
    ).ask({
      method: 'REGISTER',
      uri: 'sip:127.0.0.1',
      headers: { To: '<sip:carol@127.0.0.1>', Contact: `<sip:carol@127.0.0.1:${port}>;q=0.1;expires=60` },
    });
    expect(headersOf(last, 'contact')).toHaveLength(3);
    const busy = (request: Parameters<WirePeer['onRequest']>[0]) =>
      request.method === 'INVITE' ? answerTo(request, '486 Busy Here') : undefined;
    desk.onRequest = busy;
    mobile.onRequest = busy;
    await call('carol');
    expect(await callee.child.exitWithin(20_000)).toBe(0);
    expect(
      [desk, mobile].map((peer) => peer.heard.filter(({ method }) => method === 'INVITE').length),
    ).toEqual([1, 1]);
  }, 90_000);

  it('is a baresip that registers by itself, keeps that alive and is called, also after the node was killed', async () => {
    const spoken = join(folder, 'callee.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1000, 300_000)));
    const baresip = await Baresip.start({
      folder: join(folder, 'baresip'),
      user: 'dave',
      speaks: spoken,
      answers: 'auto',
      registers: { at: control.sip, intervalS: 60 },
    });
    try {
      const aor = 'sip:dave@127.0.0.1';
      const registered = await eventually('baresip is registered', () =>
        registration(aor).catch(() => undefined),
      );
      expect(registered.bindings[0]?.user_agent).toMatch(/baresip/);
      await call('dave');
      await baresip.event('CALL_CLOSED');

      control.child.kill('SIGKILL');
      await control.child.exit();
      control = await startControlPlane(env);
      rest = new Rest(control.http);
      const kept = await registration(aor);
      expect(kept.bindings[0]?.contact).toBe(registered.bindings[0]?.contact);
      baresip.events.length = 0;
      await call('dave');
      await baresip.event('CALL_CLOSED');
    } finally {
      await baresip.stop();
    }
    await eventually('baresip has taken its binding away', async () => {
      const response = await fetch(`${control.http}/v1/registrations/sip:dave@127.0.0.1`);
      return response.status === 404;
    });
  }, 120_000);

  it('is gone when its time is over, and that is told', async () => {
    const peer = await phone();
    const registerOnce = { method: 'REGISTER', uri: 'sip:127.0.0.1' } as const;
    const headers = { To: '<sip:erin@127.0.0.1>', Contact: `<${peer.uri}>;expires=30` };
    expect((await peer.ask({ ...registerOnce, headers })).status).toBe(200);
    const brief = { ...headers, Contact: `<${peer.uri}>;expires=5` };
    const refused = await peer.ask({ ...registerOnce, headers: brief });
    expect([refused.status, headerOf(refused, 'min-expires')]).toEqual([423, '30']);
    await eventually(
      'the binding expires',
      async () => (await rest.eventTypes('sip:erin@127.0.0.1')).includes('registration.expired'),
      45_000,
    );
    expect((await fetch(`${control.http}/v1/registrations/sip:erin@127.0.0.1`)).status).toBe(404);
    const caller = await phone();
    expect((await caller.ask({ method: 'INVITE', uri: 'sip:erin@127.0.0.1' })).status).toBe(404);
  }, 90_000);

  it('leaves no key in Redis that lives for ever', async () => {
    expect((await redis.keys()).filter(({ ttlMs }) => ttlMs <= 0 && ttlMs !== -2)).toEqual([]);
  });
});

const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 4000 RTP/AVP 8',
];

/** An INVITE with an offer. */
const inviteFrom = (peer: WirePeer, uri: string): Buffer =>
  peer.compose({
    method: 'INVITE',
    uri,
    headers: { 'Content-Type': 'application/sdp' },
    body: `${OFFER.join('\r\n')}\r\n`,
  }).bytes;

function answerTo(
  request: { readonly headers: unknown } & Parameters<WirePeer['onRequest']>[0],
  status: string,
): Buffer {
  const copied = ['via', 'from', 'call-id', 'cseq'].map((name) => `${name}: ${headerOf(request, name)}`);
  const to = `To: ${headerOf(request, 'to')};tag=busy`;
  return Buffer.from(`SIP/2.0 ${status}\r\n${[...copied, to, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`);
}
