import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav, sineWave } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { Phone } from './support/phone';
import { Rest } from './support/rest';
import { silentSpanMs } from './support/silent-span';

const CALLER_HZ = 440;
const CALLEE_HZ = 1000;
/** A pause is silent for longer than this; nothing else is. */
const PAUSED_MS = 900;

interface Recording {
  id: string;
  state: string;
  duration_ms?: number;
}

/** Two phones talk, each with a tone of its own; both applications run as processes over a real Redis. */
describe('the control of recordings over REST', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  const recordings = join(folder, 'recordings');
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let env: Record<string, string>;
  let caller: Phone;
  let callee: Phone;
  let rest: Rest;
  let call: string;

  beforeAll(async () => {
    mkdirSync(recordings, { recursive: true });
    redis = await RedisServer.start();
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings });
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_RECORDINGS_DIR: recordings,
    };
    control = await startControlPlane(env);
    rest = new Rest(control.http);
    caller = await Phone.open(control.sipPort, sineWave(CALLER_HZ, 1000));
    callee = await Phone.open(control.sipPort, sineWave(CALLEE_HZ, 1000));
    const asked = { from: 'sip:bank@example.com', to: [caller.uri, callee.uri], mode: 'direct' };
    call = (await rest.post<{ id: string }>('/v1/calls', asked)).body.id;
    await rest.until(`/v1/calls/${call}`, ['in_progress']);
  }, 120_000);

  afterAll(async () => {
    await caller?.close();
    await callee?.close();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function record(options: object): Promise<string> {
    const answer = await rest.post<Recording>(`/v1/calls/${call}/recordings`, options);
    expect(answer.status).toBe(202);
    const path = `/v1/recordings/${answer.body.id}`;
    await rest.until(path, ['recording']);
    return path;
  }

  /** Until the phones have heard so much more. */
  async function talk(ms: number): Promise<void> {
    const from = caller.heardMs;
    await eventually(`${ms} ms are said`, () => caller.heardMs - from > ms);
  }

  async function finish(path: string): Promise<{ recording: Recording; channels: Int16Array[] }> {
    expect((await rest.post(`${path}/stop`)).status).toBe(202);
    const recording = await rest.until<Recording>(path, ['completed']);
    const wav = readWav(await rest.bytes(`${path}/media`));
    if (!wav.ok) throw new Error(wav.error);
    const { samples, channels } = wav.value;
    const channel = (index: number) => samples.filter((_, at) => at % channels === index);
    return { recording, channels: Array.from({ length: channels }, (_, index) => channel(index)) };
  }

  const share = (samples: Int16Array | undefined, hz: number) =>
    energyShareAt(samples ?? new Int16Array(), 8000, hz);
  const recordingId = (path: string) => path.slice(path.lastIndexOf('/') + 1);

  it('puts silence in the place of what is said while it is paused, on both channels', async () => {
    const path = await record({ channels: 'dual' });
    await talk(600);
    const pause = { mode: 'silence', reason: 'card number' };
    expect((await rest.post(`${path}/pause`, pause)).status).toBe(202);
    expect(await rest.until(path, ['paused'])).toMatchObject({ pause });
    await talk(PAUSED_MS + 300);
    expect((await rest.post(`${path}/resume`)).status).toBe(202);
    await rest.until(path, ['recording']);
    await talk(600);
    const { channels } = await finish(path);
    for (const channel of channels) expect(silentSpanMs(channel)).toBeGreaterThan(PAUSED_MS);
    expect(share(channels[0], CALLER_HZ)).toBeGreaterThan(0.8);
    expect(share(channels[1], CALLEE_HZ)).toBeGreaterThan(0.8);
    const manifest = await rest.get(`${path}/manifest`);
    expect(manifest).toMatchObject({
      channels: 2,
      pauses: [{ mode: 'silence', note: 'pause.silence.card-number' }],
    });
    expect(await rest.eventTypes(call)).toEqual(
      expect.arrayContaining(['recording.paused', 'recording.resumed']),
    );
  }, 90_000);

  it('leaves out what is said while it is paused that way', async () => {
    const path = await record({ channels: 'dual' });
    await talk(400);
    await rest.post(`${path}/pause`, { mode: 'skip' });
    await rest.until(path, ['paused']);
    await talk(2000);
    await rest.post(`${path}/resume`);
    await rest.until(path, ['recording']);
    await talk(400);
    const { recording, channels } = await finish(path);
    expect(recording.duration_ms).toBeLessThan(2000);
    expect(silentSpanMs(channels[0] ?? new Int16Array())).toBeLessThan(PAUSED_MS);
  }, 90_000);

  it('records each party on a track of its own, at the same time', async () => {
    const [ofCaller, ofCallee] = [await record({ leg: 'caller' }), await record({ leg: 'callee' })];
    await talk(1000);
    const [first, second] = [await finish(ofCaller), await finish(ofCallee)];
    expect(first.channels).toHaveLength(1);
    expect(share(first.channels[0], CALLER_HZ)).toBeGreaterThan(0.8);
    expect(share(first.channels[0], CALLEE_HZ)).toBeLessThan(0.05);
    expect(share(second.channels[0], CALLEE_HZ)).toBeGreaterThan(0.8);
    expect(share(second.channels[0], CALLER_HZ)).toBeLessThan(0.05);
  }, 90_000);

  it('ends by itself at its limit', async () => {
    const path = await record({ channels: 'dual', max_s: 1 });
    const recording = await rest.until<Recording>(path, ['completed']);
    expect(recording.duration_ms).toBeGreaterThanOrEqual(980);
    expect(recording.duration_ms).toBeLessThan(1200);
  }, 60_000);

  it('stays paused when the control plane is killed, and goes on in the next one', async () => {
    const path = await record({ channels: 'dual' });
    await talk(400);
    await rest.post(`${path}/pause`, { mode: 'silence' });
    await rest.until(path, ['paused']);
    control.child.kill('SIGKILL');
    await control.child.exit();
    control = await startControlPlane(env);
    await rest.until(path, ['paused']);
    await talk(PAUSED_MS + 300);
    await rest.post(`${path}/resume`);
    await rest.until(path, ['recording']);
    await talk(600);
    const { channels } = await finish(path);
    expect(silentSpanMs(channels[0] ?? new Int16Array())).toBeGreaterThan(PAUSED_MS);
    expect(share(channels[0], CALLER_HZ)).toBeGreaterThan(0.8);
  }, 90_000);

  it('deletes the file of one that has ended, for good', async () => {
    const path = await record({ channels: 'dual', max_s: 1 });
    const early = await fetch(`${control.http}${path}`, { method: 'DELETE' });
    expect(early.status).toBe(409);
    await rest.until(path, ['completed']);
    const file = join(recordings, `${recordingId(path)}.wav`);
    expect(existsSync(file)).toBe(true);
    expect((await fetch(`${control.http}${path}`, { method: 'DELETE' })).status).toBe(200);
    expect([existsSync(file), existsSync(`${file}.json`)]).toEqual([false, false]);
    expect((await rest.get<Recording>(path)).state).toBe('deleted');
    expect(await rest.eventTypes(recordingId(path))).toEqual(['recording.deleted']);
  }, 60_000);

  it('leaves nothing behind', async () => {
    await rest.post(`/v1/calls/${call}/hangup`);
    await rest.until(`/v1/calls/${call}`, ['ended']);
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    expect((await redis.keys()).filter(({ ttlMs }) => ttlMs <= 0)).toEqual([]);
  }, 60_000);
});
