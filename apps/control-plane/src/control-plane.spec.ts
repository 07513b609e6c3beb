import type { Log, LogFields } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { EVERYTHING_HERE } from '../test/everything-here';
import { FakeCallControl } from '../test/fake-call-control';
import { fakeCommands } from '../test/fake-commands';
import type { CallEngineFactory, CallEngineParts } from './calls/call-engine';
import { readConfig } from './config/config';
import { createControlPlane } from './control-plane';
import type { ControlPlane } from './control-plane';

/** A user agent of one socket. */
class Caller {
  private readonly socket = createSocket('udp4');

  async open(): Promise<void> {
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
  }

  async ask(method: string, requestUri: string, to: { host: string; port: number }): Promise<string> {
    const { port } = this.socket.address();
    const lines = [
      `${method} ${requestUri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${method}-1`,
      'Max-Forwards: 70',
      'From: <sip:alice@127.0.0.1>;tag=a',
      'To: <sip:bob@127.0.0.1>',
      `Call-ID: ${method}-call`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:alice@127.0.0.1:${port}>`,
      'Content-Length: 0',
    ];
    const answer = once(this.socket, 'message') as Promise<[Buffer]>;
    this.socket.send(`${lines.join('\r\n')}\r\n\r\n`, to.port, to.host);
    return (await answer)[0].toString();
  }

  close(): void {
    this.socket.close();
  }
}

describe('a control plane', () => {
  const caller = new Caller();
  const steps: string[] = [];
  const lines: { message: string; fields: LogFields | undefined }[] = [];
  const log: Log = { ...silentLog, info: (message, fields) => lines.push({ message, fields }) };
  const control = new FakeCallControl();
  const engine: CallEngineFactory = (parts: CallEngineParts) => ({
    control,
    commands: fakeCommands(control),
    whereabouts: EVERYTHING_HERE,
    takeOver: () => Promise.resolve(0),
    async restore() {
      await parts.store.register(parts.nodeId);
      steps.push(parts.sip.isListening ? 'restored too late' : 'restored');
    },
    drain() {
      steps.push('drained');
      return Promise.resolve();
    },
    ownershipChanged: () => undefined,
  });
  let node: ControlPlane;

  beforeAll(async () => {
    const config = readConfig({
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_PORT: '0',
      LEGATO_NODE_ID: 'spec',
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
      LEGATO_SIP_ALLOW: '127.0.0.0/8',
    });
    if (!config.ok) throw new Error(config.error.join());
    node = await createControlPlane({ config: config.value, log, engine });
    await Promise.all([node.start(), caller.open()]);
  });
  afterAll(async () => {
    caller.close();
    await node.stop();
  });

  const url = (path: string) => `http://127.0.0.1:${node.http.port}${path}`;

  it('tells where it listens when it is ready', () => {
    expect(lines.map(({ message }) => message)).toEqual([
      'INVITE -> InboundCallController.invite [AclGuard, DigestGuard]',
      'REGISTER -> RegisterController.register [AclGuard, DigestGuard]',
      'OPTIONS -> OptionsController.options',
      'control_plane.ready',
    ]);
    expect(lines.at(-1)?.fields).toMatchObject({
      event: 'control_plane.ready',
      node: 'spec',
      sip: `127.0.0.1:${node.sip.port}`,
      http: `http://127.0.0.1:${node.http.port}`,
    });
    expect(node.sip.port).toBeGreaterThan(0);
  });

  it('restores its calls before it lets SIP in', () => {
    expect(steps).toEqual(['restored']);
  });

  it('answers OPTIONS with what it can do (RFC 3261 §11.2)', async () => {
    const answer = await caller.ask('OPTIONS', 'sip:127.0.0.1', node.sip);
    expect(answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(answer).toMatch(/\r\nAllow: .*INVITE/);
    expect(answer).toMatch(/\r\nAccept: application\/sdp/);
  });

  it('gives an INVITE that passed the guards to the calls', async () => {
    // Nobody answers in this test, so that the layer does after 200 ms (RFC 3261 §17.2.1).
    expect(await caller.ask('INVITE', 'sip:1000@127.0.0.1', node.sip)).toMatch(/^SIP\/2\.0 100 Trying\r\n/);
    expect(control.invites[0]?.request.requestUri).toBe('sip:1000@127.0.0.1');
  });

  it('is alive, but not ready without its media server', async () => {
    expect((await fetch(url('/healthz'))).status).toBe(200);
    const response = await fetch(url('/readyz'));
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { store: 'up', media_server: 'down', sip: 'up' } });
  });

  it('counts transactions, calls and messages', async () => {
    const page = await (await fetch(url('/metrics'))).text();
    expect(page).toMatch(/legato_sip_transactions\{machine="inviteServer"\} 1/);
    expect(page).toMatch(/legato_sip_received_total\{kind="request"\} [2-9]/);
    expect(page).toMatch(/legato_calls\{state="queued"\} 0/);
    expect(page).toMatch(/legato_store_errors_total\{store="calls"\} 0/);
    expect(page).toMatch(/legato_media_servers\{state="up"\} 0/);
  });

  it('logs its own coming as an event', async () => {
    const page = (await (await fetch(url('/v1/events'))).json()) as { data: { type: string }[] };
    expect(page.data[0]).toMatchObject({
      type: 'node.up',
      subject: 'spec',
      sequence: 1,
      data: { node: 'spec' },
    });
  });

  it('stops once and in order', async () => {
    const health = url('/healthz');
    await Promise.all([node.stop(), node.stop()]);
    expect(steps).toEqual(['restored', 'drained']);
    await expect(fetch(health)).rejects.toThrow();
  });
});
