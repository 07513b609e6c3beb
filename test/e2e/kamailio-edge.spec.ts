import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer, workerPort } from '@legato/testing';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { Capture } from './support/capture';
import { eventually } from './support/eventually';
import type { Kamailio } from './support/kamailio';
import { startKamailio } from './support/kamailio';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import { AUDIO, SDP, WireCall, answersCalls, description } from './support/wire-call';
import { headerOf } from './support/wire-message';
import { WirePeer } from './support/wire-peer';

const DOMAIN = 'legato.test';

/** Kamailio, as deploy/kamailio ships it, stays in the path of every dialog between callers and two nodes. */
describe('Kamailio as edge with Record-Route', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-edge-'));
  const nodes: ControlPlane[] = [];
  let calleePort: number;
  let mediaServer: WirePeer;
  let wire: WirePeer;
  let edge: Kamailio;
  let redis: RedisServer;

  beforeAll(async () => {
    calleePort = await workerPort();
    redis = await RedisServer.start();
    wire = await WirePeer.open(0);
    answersCalls(wire);
    mediaServer = await WirePeer.open(0);
    answersCalls(mediaServer);
    const routes = join(folder, 'routes.json');
    writeFileSync(
      routes,
      JSON.stringify({
        routes: [
          { number: '1000', to: `sip:callee@127.0.0.1:${calleePort}`, mode: 'direct' },
          { number: '2000', to: wire.uri, mode: 'direct' },
        ],
      }),
    );
    for (const LEGATO_NODE_ID of ['left', 'right'])
      nodes.push(
        await startControlPlane({
          LEGATO_NODE_ID,
          LEGATO_ROUTES: routes,
          LEGATO_SIP_DOMAINS: DOMAIN,
          LEGATO_REDIS_URL: redis.url,
          LEGATO_MEDIA_SERVERS: mediaServer.uri,
        }),
      );
    edge = await startKamailio(
      folder,
      nodes.map(({ sipPort }) => sipPort),
    );
  }, 120_000);

  afterAll(async () => {
    await edge?.stop();
    for (const { child } of nodes) await child.stop();
    await redis?.stop();
    await Promise.all([wire, mediaServer].map((peer) => peer?.close()));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** What passed between edge, nodes and caller: `caller>edge INVITE`, in the order of the wire. */
  function hops(capture: Capture, callerPort: number): string[] {
    const names = new Map([
      [edge.port, 'edge'],
      [callerPort, 'caller'],
      [calleePort, 'callee'],
      ...nodes.map(({ sipPort }) => [sipPort, 'node'] as const),
    ]);
    const decode = [...names.keys()].map((port) => `udp.port==${port},sip`);
    const fields = ['udp.srcport', 'udp.dstport', 'sip.Method'];
    return capture.read('sip.Request-Line', fields, decode).map((line) => {
      const [from, to, method] = line.split('\t');
      return `${names.get(Number(from)) ?? 'other'}>${names.get(Number(to)) ?? 'other'} ${method}`;
    });
  }

  /** Ports at one end of everything that passes the edge or a node. */
  const ours = (): number[] => [edge.port, ...nodes.map(({ sipPort }) => sipPort)];

  async function callThrough(
    callerScenario: string,
    calleeScenario: string,
    extra: readonly string[] = [],
  ): Promise<string[]> {
    const file = `${callerScenario}${extra.join('')}.pcapng`;
    const capture = await Capture.start(join(folder, file), ours());
    const callee = await sipp({ scenario: calleeScenario, cwd: folder, port: calleePort });
    const caller = await sipp({
      scenario: callerScenario,
      remote: `127.0.0.1:${edge.port}`,
      cwd: folder,
      service: '1000',
      extra,
    });
    expect(await caller.child.exitWithin(30_000)).toBe(0);
    expect(await callee.child.exitWithin(30_000)).toBe(0);
    await capture.stop();
    const passed = hops(capture, caller.port);
    // Neither of them ever speaks to the other past the edge.
    expect(passed.filter((hop) => /^(caller>node|node>caller)/.test(hop))).toEqual([]);
    return passed.filter((hop) => !hop.includes('OPTIONS'));
  }

  const count = (passed: readonly string[], hop: string): number =>
    passed.filter((each) => each === hop).length;

  it('a call and its two re-INVITEs by the caller pass through it, ACKs and BYE too (RFC 3261 §12.2.1.1, §16.12)', async () => {
    const passed = await callThrough(
      'caller-invites-then-holds-and-resumes-then-hangs-up',
      'callee-answers-then-takes-two-reinvites-then-bye',
    );
    for (const [method, times] of [
      ['INVITE', 3],
      ['ACK', 3],
      ['BYE', 1],
    ] as const) {
      expect([method, count(passed, `caller>edge ${method}`)]).toEqual([method, times]);
      expect([method, count(passed, `edge>node ${method}`)]).toEqual([method, times]);
      expect([method, count(passed, `node>callee ${method}`)]).toEqual([method, times]);
    }
  });

  it('a caller on TCP reaches a callee on UDP through it, on two Record-Routes (RFC 3261 §16.6 step 4, RFC 5658)', async () => {
    const passed = await callThrough(
      'caller-invites-then-holds-and-resumes-then-hangs-up',
      'callee-answers-then-takes-two-reinvites-then-bye',
      ['-t', 't1'],
    );
    expect(count(passed, 'edge>node INVITE')).toBe(3);
    expect(count(passed, 'edge>node BYE')).toBe(1);
    expect(passed.filter((hop) => hop.startsWith('caller>'))).toEqual([]);
  });

  it('a re-INVITE and a BYE of the callee reach the caller through it (§12.2.1.1)', async () => {
    const passed = await callThrough(
      'caller-invites-then-takes-a-reinvite-then-bye',
      'callee-answers-then-holds-then-hangs-up',
    );
    for (const method of ['INVITE', 'ACK', 'BYE']) {
      expect([method, count(passed, `node>edge ${method}`)]).toEqual([method, 1]);
      expect([method, count(passed, `edge>caller ${method}`)]).toEqual([method, 1]);
    }
  });

  it('outlives its restart: a dialog goes on, because the Route and the Contact say it all', async () => {
    const caller = await WirePeer.open(edge.port);
    const call = await WireCall.open(caller, {
      uri: `sip:2000@127.0.0.1:${edge.port}`,
      headers: SDP,
      body: description('127.0.0.1', AUDIO),
    });
    await edge.restart();
    const headers = { 'Content-Type': 'application/dtmf-relay' };
    expect((await call.ask('INFO', { headers, body: 'Signal=5\r\n' })).status).toBe(200);
    expect((await wire.request('INFO')).body).toBe('Signal=5\r\n');
    expect((await call.hangUp()).status).toBe(200);
    await caller.close();
  });

  it('a CANCEL passes through it to the node that rings (§16.10)', async () => {
    wire.onRequest = () => undefined;
    wire.heard.length = 0;
    const caller = await WirePeer.open(edge.port);
    const uri = `sip:2000@127.0.0.1:${edge.port}`;
    const invite = caller.compose({
      method: 'INVITE',
      uri,
      headers: SDP,
      body: description('127.0.0.1', AUDIO),
    });
    caller.send(invite.bytes);
    await wire.request('INVITE');
    const via = `SIP/2.0/UDP 127.0.0.1:${caller.port};branch=${invite.branch};rport`;
    const text = invite.bytes.toString('latin1');
    const from = /From: ([^\r]*)/.exec(text)?.[1];
    caller.send(
      caller.compose({
        method: 'CANCEL',
        uri,
        headers: { Via: via, From: from, 'Call-ID': invite.callId, CSeq: '1 CANCEL', Contact: undefined },
      }).bytes,
    );
    const final = await eventually('487', () => caller.heard.find(({ status }) => status === 487));
    expect(headerOf(final, 'cseq')).toBe('1 INVITE');
    answersCalls(wire);
    await caller.close();
  });

  it('a REGISTER passes through it, and calls to the phone come back through it (RFC 3327 §5)', async () => {
    const capture = await Capture.start(join(folder, 'register.pcapng'), ours());
    const phone = await WirePeer.open(edge.port);
    answersCalls(phone);
    await eventually('the capture has begun', async () => {
      await phone.isAlive();
      return capture.read('udp', ['frame.number']).length > 0;
    });
    const registered = await phone.ask({
      method: 'REGISTER',
      uri: `sip:${DOMAIN}`,
      headers: {
        From: `<sip:phone@${DOMAIN}>;tag=1`,
        To: `<sip:phone@${DOMAIN}>`,
        // As behind NAT: nobody is at this address.
        Contact: `<sip:phone@127.0.0.1:9>`,
        Expires: '60',
      },
    });
    expect(registered.status).toBe(200);
    expect(headerOf(registered, 'contact')).toContain('sip:phone@127.0.0.1:9');
    const caller = await WirePeer.open(edge.port);
    const call = await WireCall.open(caller, {
      uri: `sip:phone@${DOMAIN}`,
      headers: SDP,
      body: description('127.0.0.1', AUDIO),
    });
    await phone.request('INVITE');
    expect((await call.hangUp()).status).toBe(200);
    await phone.request('BYE');
    await eventually('the capture has it all', () => count(hops(capture, phone.port), 'edge>caller BYE') > 0);
    await capture.stop();
    const passed = hops(capture, phone.port);
    for (const hop of [
      'node>edge INVITE',
      'edge>caller INVITE',
      'node>edge ACK',
      'node>edge BYE',
      'edge>caller BYE',
    ])
      expect([hop, count(passed, hop)]).toEqual([hop, 1]);
    expect(passed.filter((hop) => /^(caller>node|node>caller)/.test(hop))).toEqual([]);
    await Promise.all([phone.close(), caller.close()]);
  });

  it('new calls go to the other node when one is killed, and none is lost', async () => {
    const [dead, alive] = nodes as [ControlPlane, ControlPlane];
    dead.child.kill('SIGKILL');
    const callers = await Promise.all(Array.from({ length: 8 }, () => WirePeer.open(edge.port)));
    const statuses = await Promise.all(
      callers.map(async (caller) => {
        const call = await WireCall.open(caller, {
          uri: `sip:2000@127.0.0.1:${edge.port}`,
          headers: SDP,
          body: description('127.0.0.1', AUDIO),
        });
        return (await call.hangUp()).status;
      }),
    );
    expect(statuses).toEqual(callers.map(() => 200));
    await eventually('no live call', async () => (await new Rest(alive.http).metric('legato_calls')) === 0);
    await Promise.all(callers.map((caller) => caller.close()));
  });
});
