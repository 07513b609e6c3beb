import { systemClock } from '@legato/kernel';
import { sineWave } from '@legato/media';
import { UdpTransport } from '@legato/sip';
import { ScriptedUserAgent, sdp } from '@legato/testing';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localServer } from '../../spec/local-server';
import { RtpPhone } from '../../spec/rtp-phone';
import { eventually } from '../../../../test/e2e/support/eventually';
import type { MediaServer } from '../media-server';

describe('/metrics and /healthz', () => {
  let folder: string;
  let server: MediaServer;
  let client: ScriptedUserAgent;

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-metrics-')));
    mkdirSync(join(folder, 'prompts'));
    server = await localServer(folder, { LEGATO_MS_HTTP_PORT: '0' });
    client = new ScriptedUserAgent({
      clock: systemClock,
      transport: new UdpTransport({ host: '127.0.0.1', port: 0 }),
      user: 'as',
    });
    client.onEvent = (call, event) => {
      if (event.type === 'accepted') call.usage.acknowledge();
    };
    await client.start();
  });

  afterEach(async () => {
    await server.close({ drainMs: 0 });
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${server.httpPort}${path}`, { method });

  async function reading(name: string, label: string): Promise<number> {
    const page = await (await get('/metrics')).text();
    const line = page.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes(`="${label}"`));
    return Number(line?.split(' ').at(-1));
  }

  const objects = (kind: string) => reading('legato_ms_objects', kind);

  it('count objects, packets and ticks, and objects are zero again in the end', async () => {
    for (const kind of ['connections', 'conferences', 'dialogs', 'recordings', 'playbacks', 'usages'])
      expect(await objects(kind)).toBe(0);
    const phone = await RtpPhone.open();
    try {
      const call = client.invite(`sip:msml@127.0.0.1:${server.sipAddress.port}`, sdp(phone.description));
      await eventually('200', () => call.told.includes('accepted INVITE'));
      const answer = Buffer.from(call.last('accepted').response.body).toString();
      phone.say(sineWave(440, 1000), Number(/m=audio (\d+)/.exec(answer)?.[1]));
      expect(await objects('connections')).toBe(1);
      await eventually('packets', async () => (await reading('legato_ms_rtp_packets_total', 'received')) > 5);
      await eventually(
        'packets back',
        async () => (await reading('legato_ms_rtp_packets_total', 'sent')) > 5,
      );
      expect(await reading('legato_ms_ticks_total', 'kept')).toBeGreaterThan(0);
      call.usage.bye();
      await eventually('no connection', async () => (await objects('connections')) === 0);
      expect(await objects('rtpPorts')).toBe(0);
      expect(await reading('legato_ms_rtp_packets_total', 'received')).toBeGreaterThan(5);
    } finally {
      phone.close();
    }
  });

  it('tell of the health, and that calls are refused while they drain', async () => {
    expect((await get('/healthz')).status).toBe(200);
    const phone = await RtpPhone.open();
    const call = client.invite(`sip:msml@127.0.0.1:${server.sipAddress.port}`, sdp(phone.description));
    await eventually('200', () => call.told.includes('accepted INVITE'));
    const closed = server.close({ drainMs: 20_000 });
    await eventually('draining', async () => (await get('/healthz')).status === 503);
    const refused = client.invite(`sip:msml@127.0.0.1:${server.sipAddress.port}`, sdp(phone.description));
    await eventually('503', () => refused.told.some((line) => line.includes('503')));
    expect(await objects('connections')).toBe(1);
    call.usage.bye();
    await closed;
    phone.close();
    await expect(get('/healthz')).rejects.toThrow();
  });

  it('answer nothing else', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await get('/metrics', 'POST')).status).toBe(405);
    expect((await get('/metrics')).headers.get('content-type')).toContain('text/plain');
  });
});

describe('without a port', () => {
  it('there is no HTTP at all', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-metrics-')));
    const server = await localServer(folder);
    expect(server.httpPort).toBeUndefined();
    await server.close({ drainMs: 0 });
    rmSync(folder, { recursive: true, force: true });
  });
});
