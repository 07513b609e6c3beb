import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { RedisServer } from '@legato/testing';
import {
  type ControlPlane,
  type MediaServer,
  ownRtpPorts,
  startControlPlane,
  startMediaServer,
} from './support/apps';
import { Baresip } from './support/baresip';
import { Capture } from './support/capture';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import { tonePcap } from './support/tone-pcap';

const CALLER_HZ = 440;
const CALLEE_HZ = 1000;

interface Recording {
  id: string;
  state: string;
  duration_ms?: number;
}

/** SIPp calls with a tone, baresip answers with another; both applications run as processes over a real Redis. */
describe('a call between SIPp and baresip', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  const recordings = join(folder, 'recordings');
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let callee: Baresip;
  let rest: Rest;

  beforeAll(async () => {
    mkdirSync(recordings, { recursive: true });
    writeFileSync(join(folder, 'tone.pcap'), tonePcap(CALLER_HZ, 30_000));
    const spoken = join(folder, 'callee.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(CALLEE_HZ, 300_000)));
    redis = await RedisServer.start();
    callee = await Baresip.start({
      folder: join(folder, 'baresip'),
      user: 'callee',
      speaks: spoken,
      answers: 'auto',
    });
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings, LEGATO_MS_HTTP_PORT: '0' });
    const routes = join(folder, 'routes.json');
    const to = `sip:callee@127.0.0.1:${callee.sipPort}`;
    writeFileSync(
      routes,
      JSON.stringify({
        routes: [
          { number: '1000', to, mode: 'direct', record: false },
          { number: '2*', to, mode: 'anchored', record: false },
        ],
      }),
    );
    control = await startControlPlane({
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: routes,
    });
    rest = new Rest(control.http);
  }, 120_000);

  afterAll(async () => {
    await callee?.stop();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function record(
    number: string,
    scenario: string,
    channels: 'mono' | 'dual',
    file: string,
  ): Promise<Recording> {
    const caller = await sipp({
      scenario,
      remote: control.sip,
      cwd: folder,
      service: number,
      extra: ['-d', '9000'],
    });
    const call = await rest.call(['in_progress']);
    const started = await rest.post<Recording>(`/v1/calls/${call.id}/recordings`, { channels });
    expect(started.status).toBe(202);
    const path = `/v1/recordings/${started.body.id}`;
    await rest.until<Recording>(path, ['recording']);
    await eventually('two seconds are recorded', async () => {
      const since = Date.parse((await rest.get<{ started_at: string }>(path)).started_at);
      return Date.now() - since > 2500;
    });
    expect((await rest.post(`${path}/stop`)).status).toBe(202);
    const finished = await rest.until<Recording>(path, ['completed']);
    writeFileSync(file, await rest.bytes(`${path}/media`));
    expect(await caller.child.exitWithin(60_000)).toBe(0);
    await rest.until(`/v1/calls/${call.id}`, ['ended']);
    expect(await rest.eventTypes(call.id)).toEqual(
      expect.arrayContaining([
        'call.queued',
        'call.answered',
        'recording.started',
        'recording.completed',
        'call.ended',
      ]),
    );
    return finished;
  }

  it('is direct, moves to the media server when a dual-channel recording is posted, and every packet is well-formed', async () => {
    const ports = [control.sipPort, media.sipPort, callee.sipPort];
    const capture = await Capture.start(join(folder, 'call.pcapng'), [...ports, ownRtpPorts()]);
    const file = join(folder, 'dual.wav');
    const recording = await record('1000', 'caller-invites-then-is-moved-then-hangs-up', 'dual', file);
    await capture.stop();
    expect(recording.duration_ms).toBeGreaterThan(2000);

    const wav = readWav(execFileSync('cat', [file]));
    if (!wav.ok) throw new Error(wav.error);
    expect(wav.value.channels).toBe(2);
    const channel = (index: number) => wav.value.samples.filter((_, sample) => sample % 2 === index);
    expect(energyShareAt(channel(0), wav.value.sampleRate, CALLER_HZ)).toBeGreaterThan(0.8);
    expect(energyShareAt(channel(0), wav.value.sampleRate, CALLEE_HZ)).toBeLessThan(0.05);
    expect(energyShareAt(channel(1), wav.value.sampleRate, CALLEE_HZ)).toBeGreaterThan(0.8);
    expect(energyShareAt(channel(1), wav.value.sampleRate, CALLER_HZ)).toBeLessThan(0.05);
    expect(execFileSync('soxi', ['-c', file], { encoding: 'utf8' }).trim()).toBe('2');

    expect(capture.malformed(ports)).toEqual([]);
    const decode = ports.map((port) => `udp.port==${port},sip`);
    expect(capture.read('sip.Method == "INFO"', ['sip.Call-ID'], decode).length).toBeGreaterThanOrEqual(2);
    const bodies = capture.read('sip.Method == "INVITE" && sdp', ['sip.Call-ID'], decode);
    expect(new Set(bodies).size).toBeGreaterThanOrEqual(2);
  }, 120_000);

  it('is anchored from the start, and a mono recording holds both voices', async () => {
    const file = join(folder, 'mono.wav');
    await record('2000', 'caller-invites-then-speaks-then-hangs-up', 'mono', file);
    const wav = readWav(execFileSync('cat', [file]));
    if (!wav.ok) throw new Error(wav.error);
    expect(wav.value.channels).toBe(1);
    expect(energyShareAt(wav.value.samples, wav.value.sampleRate, CALLER_HZ)).toBeGreaterThan(0.2);
    expect(energyShareAt(wav.value.samples, wav.value.sampleRate, CALLEE_HZ)).toBeGreaterThan(0.2);
  }, 120_000);

  it('leaves nothing behind', async () => {
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    const objects = new Rest(`http://127.0.0.1:${media.httpPort}`);
    for (const kind of ['connections', 'conferences', 'dialogs', 'recordings', 'playbacks', 'rtpPorts']) {
      const metric = `legato_ms_objects{kind="${kind}"}`;
      await eventually(`no ${kind} in the media server`, async () => (await objects.metric(metric)) === 0);
    }
    expect(await objects.metric('legato_ms_rtp_packets_total')).toBeGreaterThan(0);
    // The media server is asked for its health all the time: what calls have begun is counted.
    await eventually(
      'no INVITE transaction',
      async () => (await rest.metric('legato_sip_transactions{machine="invite')) === 0,
      45_000,
    );
    const immortal = (await redis.keys()).filter(({ ttlMs }) => ttlMs <= 0);
    expect(immortal).toEqual([]);
  }, 60_000);
});
