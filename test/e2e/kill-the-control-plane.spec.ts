import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { Baresip } from './support/baresip';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import { tonePcap } from './support/tone-pcap';

const CALLER_HZ = 440;
const CALLEE_HZ = 1000;

/** kill -9 in an established, recorded call; the same node starts again with the same Redis. */
describe('a control plane that is killed in the middle of a recorded call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-kill-'));
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let callee: Baresip;
  let rest: Rest;
  let env: Record<string, string>;

  beforeAll(async () => {
    const recordings = join(folder, 'recordings');
    mkdirSync(recordings);
    writeFileSync(join(folder, 'tone.pcap'), tonePcap(CALLER_HZ, 40_000));
    const spoken = join(folder, 'callee.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(CALLEE_HZ, 300_000)));
    redis = await RedisServer.start();
    callee = await Baresip.start({
      folder: join(folder, 'baresip'),
      user: 'callee',
      speaks: spoken,
      answers: 'auto',
    });
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings });
    const routes = join(folder, 'routes.json');
    const to = `sip:callee@127.0.0.1:${callee.sipPort}`;
    writeFileSync(routes, JSON.stringify({ routes: [{ number: '*', to, mode: 'anchored', record: false }] }));
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: routes,
    };
    control = await startControlPlane(env);
    rest = new Rest(control.http);
  }, 120_000);

  afterAll(async () => {
    await callee?.stop();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function dieAndReturn(): Promise<void> {
    control.child.kill('SIGKILL');
    await control.child.exit();
    control = await startControlPlane(env);
    rest = new Rest(control.http);
  }

  async function recordedCall(scenario: string, extra: readonly string[]) {
    const caller = await sipp({ scenario, remote: control.sip, cwd: folder, service: '2000', extra });
    const call = await rest.call(['in_progress']);
    const started = await rest.post<{ id: string }>(`/v1/calls/${call.id}/recordings`, { channels: 'dual' });
    const path = `/v1/recordings/${started.body.id}`;
    await rest.until(path, ['recording']);
    return { caller, call, path };
  }

  it('stops the recording over REST afterwards, whole, and takes the BYE of the caller', async () => {
    const { caller, call, path } = await recordedCall('caller-invites-then-speaks-then-hangs-up', [
      '-d',
      '14000',
    ]);
    await dieAndReturn();
    expect(await rest.get(`/v1/calls/${call.id}`)).toMatchObject({ state: 'in_progress' });
    expect((await rest.post(`${path}/stop`)).status).toBe(202);
    const recording = await rest.until<{ state: string; duration_ms: number }>(path, ['completed']);
    expect(recording.duration_ms).toBeGreaterThan(0);
    const file = join(folder, 'survivor.wav');
    writeFileSync(file, await rest.bytes(`${path}/media`));
    const wav = readWav(execFileSync('cat', [file]));
    if (!wav.ok) throw new Error(wav.error);
    const left = wav.value.samples.filter((_, index) => index % 2 === 0);
    const right = wav.value.samples.filter((_, index) => index % 2 === 1);
    expect(energyShareAt(left, 8000, CALLER_HZ)).toBeGreaterThan(0.8);
    expect(energyShareAt(right, 8000, CALLEE_HZ)).toBeGreaterThan(0.8);
    expect(Number(execFileSync('soxi', ['-D', file], { encoding: 'utf8' }))).toBeGreaterThan(0);

    expect(await caller.child.exitWithin(60_000)).toBe(0);
    await rest.until(`/v1/calls/${call.id}`, ['ended']);
    expect(await rest.eventTypes(call.id)).toEqual(expect.arrayContaining(['call.recovered', 'call.ended']));
  }, 120_000);

  it('takes the BYE of the callee, and the recording is complete', async () => {
    const { caller, call, path } = await recordedCall('caller-invites-then-waits-for-bye', []);
    await dieAndReturn();
    await callee.command('hangup');
    expect(await caller.child.exitWithin(60_000)).toBe(0);
    await rest.until(`/v1/calls/${call.id}`, ['ended']);
    await rest.until(path, ['completed']);
    const types = await rest.eventTypes(call.id);
    expect(types.filter((type) => type === 'call.ended')).toHaveLength(1);
  }, 120_000);
});
