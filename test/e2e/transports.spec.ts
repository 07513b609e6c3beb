import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave, writeWav } from '@legato/media';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { Baresip } from './support/baresip';
import { workerPort } from '@legato/testing';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import type { TestCertificate } from './support/test-certificate';
import { testCertificate } from './support/test-certificate';
import { tonePcap } from './support/tone-pcap';
import { answersCalls } from './support/wire-call';
import { headerOf } from './support/wire-message';
import { WirePeer } from './support/wire-peer';
import { WsPhone } from './support/ws-phone';

const CALLER = 'caller-invites-then-speaks-then-hangs-up';

/** One control plane with every transport; a UDP peer answers what is called there. */
describe('calls over every transport', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-transports-'));
  let certificate: TestCertificate;
  let callee: WirePeer;
  let phone: Baresip;
  let control: ControlPlane;
  let rest: Rest;
  let ports: { tls: number; ws: number; wss: number };

  beforeAll(async () => {
    certificate = testCertificate(folder);
    writeFileSync(join(folder, 'tone.pcap'), tonePcap(440, 1_000));
    const spoken = join(folder, 'spoken.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1000, 300_000)));
    phone = await Baresip.start({
      folder: join(folder, 'baresip'),
      user: 'phone',
      speaks: spoken,
      answers: 'auto',
      tls: { certificate: certificate.both, authorities: certificate.authority },
    });
    ports = { tls: await workerPort(), ws: await workerPort(), wss: await workerPort() };
    const sipPort = await workerPort();
    callee = await WirePeer.open(sipPort);
    answersCalls(callee);
    const to = (number: string, uri: string) => ({ number, to: uri, mode: 'direct', record: false });
    const routes = join(folder, 'routes.json');
    const list = [
      to('1000', callee.uri),
      to('2001', `sip:phone@127.0.0.1:${phone.sipPort};transport=tcp`),
      to('2002', `sip:phone@127.0.0.1:${phone.tlsPort};transport=tls`),
    ];
    writeFileSync(routes, JSON.stringify({ routes: list }));
    control = await startControlPlane({
      LEGATO_SIP_PORT: String(sipPort),
      LEGATO_SIP_TLS_PORT: String(ports.tls),
      LEGATO_SIP_TLS_CERT: certificate.certificate,
      LEGATO_SIP_TLS_KEY: certificate.key,
      LEGATO_SIP_TLS_CA: certificate.authority,
      LEGATO_SIP_WS_PORT: String(ports.ws),
      LEGATO_SIP_WSS_PORT: String(ports.wss),
      LEGATO_ROUTES: routes,
    });
    rest = new Rest(control.http);
  }, 60_000);

  afterEach(() => {
    callee.heard.length = 0;
    phone.events.length = 0;
  });

  afterAll(async () => {
    await phone?.stop();
    await control?.child.stop();
    await callee?.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const received = (transport: string) =>
    rest.metric(`legato_sip_transport_received_total{transport="${transport}"}`);

  async function sippCalls(service: string, over: string): Promise<void> {
    const cwd = join(folder, `sipp-${service}-${over}`);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'tone.pcap'), readFileSync(join(folder, 'tone.pcap')));
    const extra = ['-t', over];
    const { child } = await sipp({
      scenario: CALLER,
      remote: control.sip,
      cwd,
      service,
      extra,
      timeoutS: 30,
    });
    expect(await child.exitWithin(40_000)).toBe(0);
  }

  it('names every address when it is ready', () => {
    const line = control.child.lines.find((each) => each.includes('control_plane.ready')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      sip: control.sip,
      sip_tcp: control.sip,
      sip_tls: `127.0.0.1:${ports.tls}`,
      sip_ws: `127.0.0.1:${ports.ws}`,
      sip_wss: `127.0.0.1:${ports.wss}`,
    });
  });

  it('takes a call over TCP to a callee on UDP (RFC 3261 §18.1.1)', async () => {
    await sippCalls('1000', 't1');
    expect(headerOf(await callee.request('INVITE'), 'via')).toContain('SIP/2.0/UDP');
    await callee.request('BYE');
    expect(await received('tcp')).toBeGreaterThanOrEqual(3);
  }, 60_000);

  it.each(['2001', '2002'])(
    'calls a phone on TCP and TLS from a caller on UDP: %s',
    async (number) => {
      await sippCalls(number, 'u1');
      await phone.event('CALL_ESTABLISHED');
      await phone.event('CALL_CLOSED');
    },
    60_000,
  );

  it.each([
    ['tcp', () => control.sipPort],
    ['tls', () => ports.tls],
  ] as const)(
    'takes a call of a phone over %s, which REST ends',
    async (transport, port) => {
      const before = await received(transport);
      expect(await phone.command('dial', `sip:1000@127.0.0.1:${port()};transport=${transport}`)).toBe(true);
      await phone.event('CALL_ESTABLISHED');
      const { id } = await rest.call(['in_progress']);
      const hungUp = await rest.post(`/v1/calls/${id}/hangup`);
      expect(hungUp.status).toBeLessThan(300);
      await phone.event('CALL_CLOSED');
      await rest.until(`/v1/calls/${id}`, ['ended']);
      expect(await received(transport)).toBeGreaterThan(before);
    },
    60_000,
  );

  it.each([
    ['ws', () => ports.ws],
    ['wss', () => ports.wss],
  ] as const)(
    'serves a browser over %s: OPTIONS and a whole call (RFC 7118)',
    async (transport, port) => {
      const browser = await WsPhone.open(
        `${transport}://127.0.0.1:${port()}/`,
        readFileSync(certificate.authority),
      );
      try {
        const uri = `sip:1000@${control.sip}`;
        expect((await browser.options(uri)).status).toBe(200);
        const { accepted, hangUp } = await browser.call(uri);
        expect(accepted.status).toBe(200);
        expect(headerOf(accepted, 'contact')).toContain(`:${port()};transport=${transport}>`);
        expect((await hangUp()).status).toBe(200);
        await callee.request('BYE');
      } finally {
        browser.close();
      }
    },
    60_000,
  );

  it('ends a call of a browser along its connection (RFC 7118 §5)', async () => {
    const browser = await WsPhone.open(`ws://127.0.0.1:${ports.ws}/`);
    try {
      await browser.call(`sip:1000@${control.sip}`);
      const { id } = await rest.call(['in_progress']);
      await rest.post(`/v1/calls/${id}/hangup`);
      expect(headerOf(await browser.takes('BYE'), 'via')).toContain('SIP/2.0/WS');
    } finally {
      browser.close();
    }
  }, 60_000);
});

describe('a call over IPv6', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-ipv6-'));
  let control: ControlPlane | undefined;

  afterAll(async () => {
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it.each(['u1', 't1'])(
    'goes from SIPp to SIPp, the caller with -t %s (RFC 5118)',
    async (over) => {
      const [host, cwd] = ['::1', join(folder, over)];
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'tone.pcap'), tonePcap(440, 500));
      const answering = { scenario: 'callee-rings-then-answers-then-takes-bye', host, cwd, timeoutS: 40 };
      const callee = await sipp(answering);
      const routes = join(cwd, 'routes.json');
      const route = { number: '*', to: `sip:callee@[::1]:${callee.port}`, mode: 'direct', record: false };
      writeFileSync(routes, JSON.stringify({ routes: [route] }));
      control = await startControlPlane({ LEGATO_SIP_HOST: host, LEGATO_ROUTES: routes });
      const calling = { scenario: CALLER, remote: control.sip, service: '1000', host, cwd, timeoutS: 30 };
      const caller = await sipp({ ...calling, extra: ['-t', over] });
      expect([await caller.child.exitWithin(40_000), await callee.child.exitWithin(10_000)]).toEqual([0, 0]);
      await control.child.stop();
    },
    60_000,
  );
});
