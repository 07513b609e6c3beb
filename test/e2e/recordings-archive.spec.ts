import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { energyShareAt, readWav, sineWave } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { Child } from './support/child';
import { eventually } from './support/eventually';
import { Phone } from './support/phone';
import { Rest } from './support/rest';

const VOICE_HZ = 440;
const BUCKET = 'recordings';
const S3RVER = join(dirname(require.resolve('s3rver/package.json')), 'bin/s3rver.js');
/** The keys that s3rver knows. */
const KEYS = { LEGATO_S3_ACCESS_KEY: 'S3RVER', LEGATO_S3_SECRET_KEY: 'S3RVER' };

interface Recording {
  id: string;
  state: string;
}

/** A phone is recorded; the files go to an S3 server that is a process of its own, like both applications. */
describe('recordings in an archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  const recordings = join(folder, 'recordings');
  const bucket = join(folder, 's3');
  let s3Port: number;
  let s3: Child | undefined;
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let env: Record<string, string>;
  let phone: Phone;
  let rest: Rest;
  let call: string;

  async function startS3(): Promise<void> {
    const args = ['-d', bucket, '-a', '127.0.0.1', '-p', String(s3Port), '--configure-bucket', BUCKET];
    s3 = new Child('s3rver', process.execPath, [S3RVER, ...args]);
    await eventually('s3rver answers', async () => (await fetch(`http://127.0.0.1:${s3Port}/`)).status > 0);
  }

  async function stopS3(): Promise<void> {
    await s3?.stop();
    s3 = undefined;
  }

  beforeAll(async () => {
    mkdirSync(recordings, { recursive: true });
    mkdirSync(bucket);
    s3Port = await workerPort();
    redis = await RedisServer.start();
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings });
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_RECORDINGS_DIR: recordings,
      LEGATO_S3_ENDPOINT: `http://127.0.0.1:${s3Port}`,
      LEGATO_S3_BUCKET: BUCKET,
      LEGATO_S3_PREFIX: 'calls/2026',
      ...KEYS,
    };
    control = await startControlPlane(env);
    rest = new Rest(control.http);
    phone = await Phone.open(control.sipPort, sineWave(VOICE_HZ, 1000));
    const asked = { from: 'sip:bank@example.com', to: [phone.uri], mode: 'anchored' };
    call = (await rest.post<{ id: string }>('/v1/calls', asked)).body.id;
    await rest.until(`/v1/calls/${call}`, ['in_progress']);
  }, 120_000);

  afterAll(async () => {
    await phone?.close();
    await control?.child.stop();
    await media?.child.stop();
    await stopS3();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function recorded(): Promise<string> {
    const answer = await rest.post<Recording>(`/v1/calls/${call}/recordings`, { channels: 'dual' });
    const path = `/v1/recordings/${answer.body.id}`;
    await rest.until(path, ['recording']);
    const from = phone.heardMs;
    await eventually('half a second is said', () => phone.heardMs - from > 500);
    await rest.post(`${path}/stop`);
    return path;
  }
  const typesOf = async (path: string) => {
    const id = path.slice(path.lastIndexOf('/') + 1);
    const page = await rest.get<{ data: { type: string; data: { recording_id?: string } }[] }>(
      '/v1/events?limit=100',
    );
    return page.data.filter(({ data }) => data.recording_id === id).map(({ type }) => type);
  };

  it('are processing while the archive is away, and complete when they are in it', async () => {
    const path = await recorded();
    await rest.until(path, ['processing']);
    expect((await fetch(`${control.http}${path}/media`)).status).toBe(409);
    expect(await typesOf(path)).not.toContain('recording.completed');
    await control.child.line('a failed attempt', (line) =>
      line.includes('recording is not archived') ? line : undefined,
    );
    await startS3();
    await rest.until(path, ['completed'], 60_000);
    expect((await typesOf(path)).slice(-2)).toEqual(['recording.processing', 'recording.completed']);
    await eventually('nothing is left in the folder', () => readdirSync(recordings).length === 0);

    const bytes = await rest.bytes(`${path}/media`);
    const wav = readWav(bytes);
    if (!wav.ok) throw new Error(wav.error);
    const left = wav.value.samples.filter((_, index) => index % 2 === 0);
    expect(energyShareAt(left, 8000, VOICE_HZ)).toBeGreaterThan(0.8);
    const part = await fetch(`${control.http}${path}/media`, { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'RIFF']);
    const manifest = await rest.get<{ sha256: string }>(`${path}/manifest`);
    expect(manifest.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  }, 120_000);

  it('get there although the control plane is killed in between, once', async () => {
    await stopS3();
    const path = await recorded();
    await rest.until(path, ['processing']);
    control.child.kill('SIGKILL');
    await control.child.exit();
    control = await startControlPlane(env);
    await rest.until(path, ['processing']);
    await startS3();
    await rest.until(path, ['completed'], 60_000);
    expect((await typesOf(path)).filter((type) => type === 'recording.completed')).toHaveLength(1);
  }, 120_000);

  it('are deleted there, also when the call is over', async () => {
    const path = await recorded();
    await rest.until(path, ['completed'], 60_000);
    await rest.post(`/v1/calls/${call}/hangup`);
    await rest.until(`/v1/calls/${call}`, ['ended']);
    const removed = await fetch(`${control.http}${path}`, { method: 'DELETE' });
    expect([removed.status, ((await removed.json()) as Recording).state]).toEqual([200, 'deleted']);
    expect((await rest.get<Recording>(path)).state).toBe('deleted');
    expect((await fetch(`${control.http}${path}/media`)).status).toBe(409);
    expect((await typesOf(path)).at(-1)).toBe('recording.deleted');
    const id = path.slice(path.lastIndexOf('/') + 1);
    const kept = readdirSync(bucket, { recursive: true, encoding: 'utf8' });
    expect(kept.filter((name) => name.includes(id))).toEqual([]);
    expect(existsSync(join(recordings, `${id}.wav`))).toBe(false);
  }, 120_000);

  it('shows no key in any log', () => {
    expect(control.child.lines.join('\n')).not.toContain(KEYS.LEGATO_S3_SECRET_KEY);
  });
});
