import { randomIds, silentLog } from '@legato/kernel';
import type { ScriptedCall } from '@legato/testing';
import { FakeClock, MemoryNetwork, ScriptedUserAgent, sdp, settled } from '@legato/testing';
import { ScriptedLink } from '../../spec/scripted-link';
import { RemoteMedia } from '../media-process/remote-media';
import { SipEndpoint } from './sip-endpoint';

const URI = 'sip:msml@192.0.2.80:5080';
const OFFER = sdp('v=0\r\no=as 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n');
const MSML = { contentType: 'application/msml+xml', bytes: Buffer.from('<msml version="1.1"/>') };

describe('signalling whose media', () => {
  let clock: FakeClock;
  let link: ScriptedLink;
  let endpoint: SipEndpoint;
  let client: ScriptedUserAgent;

  beforeEach(async () => {
    clock = new FakeClock();
    const network = new MemoryNetwork(clock, { latencyMs: 5 });
    const media = new RemoteMedia({
      clock,
      log: silentLog,
      sharedNowMs: () => clock.now(),
      spawn: () => (link = new ScriptedLink()),
    });
    endpoint = new SipEndpoint({
      clock,
      log: silentLog,
      ids: randomIds,
      transports: [network.transport({ host: '192.0.2.80', port: 5080 })],
      media,
    });
    client = new ScriptedUserAgent({
      clock,
      transport: network.transport({ host: '192.0.2.1', port: 5060 }),
      user: 'as',
    });
    void media.start();
    link.onMessage({ kind: 'ready' });
    await Promise.all([endpoint.start(), client.start()]);
    client.onEvent = (call, event) => {
      if (event.type === 'accepted') call.usage.acknowledge();
      if (event.type === 'request') call.usage.respond(event.transactionKey, 200);
    };
  });

  afterEach(async () => {
    await client.stop();
    await endpoint.stop();
  });

  async function run(ms = 50): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5) {
      clock.advance(5);
      await settled();
    }
  }

  const answer = (at: number, status = 200): void =>
    link.onMessage({ kind: 'answer', number: link.asked(at), answer: { status, body: OFFER } });

  async function call(): Promise<ScriptedCall> {
    const made = client.invite(URI, OFFER);
    await run();
    answer(0);
    await run();
    expect(made.told).toContain('accepted INVITE');
    return made;
  }

  const refusalOf = (made: ScriptedCall) => {
    const { response } = made.last('refused');
    return [response?.status, response?.headers.get('Retry-After')];
  };

  it('are stopped answers BYE, lets INVITE and INFO wait, and answers each once when they go on', async () => {
    const [leaving, asking] = [await call(), client.invite(URI, OFFER)];
    await run(400);
    expect(asking.told).not.toContain('refused INVITE 503');
    leaving.usage.request('INFO', 'r', MSML);
    await run(1000);
    expect(leaving.told.some((line) => line.startsWith('answered'))).toBe(false);
    answer(1);
    answer(2);
    await run();
    expect(asking.told).toContain('accepted INVITE');
    expect(leaving.last('answered').status).toBe(200);
    leaving.usage.bye();
    await run();
    expect(leaving.hasEnded).toBe(true);
    expect(endpoint.size).toBe(1);
  });

  it('are stopped for long refuses what waits, and who comes new', async () => {
    const [there, waiting] = [await call(), client.invite(URI, OFFER)];
    there.usage.request('INFO', 'r', MSML);
    await run(9500);
    expect(refusalOf(waiting)).toEqual([503, '5']);
    const late = client.invite(URI, OFFER);
    await run();
    expect(refusalOf(late)[0]).toBe(503);
    await run(12_000);
    expect(there.last('answered').status).toBe(503);
    expect(there.hasEnded).toBe(false);
  });

  it('have died hangs up with the events that wait, and says why', async () => {
    const [made, waiting] = [await call(), client.invite(URI, OFFER)];
    await run();
    const id = `conn:${made.usage.state.dialog?.remoteTag}`;
    const event = Buffer.from('<msml version="1.1"><event name="app.x" id="conn:1"/></msml>');
    link.onMessage({ kind: 'event', id, body: { contentType: 'application/msml+xml', bytes: event } });
    link.onExit('SIGKILL');
    made.usage.request('INFO', 'r', MSML);
    await run(100);
    expect(refusalOf(waiting)).toEqual([503, '5']);
    expect(made.events.filter(({ type }) => type === 'request')).toHaveLength(1);
    expect(made.last('bye').request.headers.get('Reason')).toBe('SIP;cause=503;text="Media lost"');
    expect(made.hasEnded).toBe(true);
    expect(endpoint.size).toBe(0);
  });

  it('are late refuses new INVITEs', async () => {
    for (const late of [100, 200]) link.onMessage({ kind: 'beat', kept: 25, late });
    const made = client.invite(URI, OFFER);
    await run();
    expect(refusalOf(made)[0]).toBe(503);
    link.onMessage({ kind: 'beat', kept: 50, late: 200 });
    await call();
  });
});
