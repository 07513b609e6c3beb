import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { RedisServer } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { Phone } from './support/phone';
import { redisContents } from './support/redis-contents';
import { Rest } from './support/rest';
import { silentSpanMs } from './support/silent-span';

const VOICE_HZ = 440;
const PROMPT_HZ = 1500;
const PROMPT_MS = 1500;
/** Digits that stand nowhere by chance. */
const PIN = '918273';

interface Work {
  id: string;
  state: string;
  digits?: string;
  attempts?: number;
}

/** A phone is called; it hears prompts and presses keys. Both applications run as processes over a real Redis. */
describe('plays and collections over REST', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  const recordings = join(folder, 'recordings');
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let phone: Phone;
  let rest: Rest;
  let call: string;

  beforeAll(async () => {
    const prompts = join(folder, 'prompts');
    mkdirSync(recordings, { recursive: true });
    mkdirSync(prompts);
    const format = { sampleRate: 8000, channels: 1 };
    writeFileSync(join(prompts, 'tone.wav'), writeWav(format, sineWave(PROMPT_HZ, PROMPT_MS)));
    redis = await RedisServer.start();
    media = await startMediaServer({
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: prompts,
      LEGATO_LOG_LEVEL: 'debug',
    });
    control = await startControlPlane({
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_LOG_LEVEL: 'debug',
    });
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
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function begin(kind: 'plays' | 'collects', body: object): Promise<string> {
    const answer = await rest.post<Work>(`/v1/calls/${call}/${kind}`, body);
    expect(answer.status).toBe(202);
    return `/v1/calls/${call}/${kind}/${answer.body.id}`;
  }
  const tone = [{ file: 'tone.wav' }];
  const stop = (path: string) => fetch(`${control.http}${path}`, { method: 'DELETE' });

  it('plays a file to the party, which hears its tone', async () => {
    const from = phone.heardMs;
    const play = await begin('plays', { sources: tone });
    await rest.until(play, ['completed']);
    await eventually('all of it is heard', () => phone.heardMs - from > PROMPT_MS);
    expect(energyShareAt(phone.since(from), 8000, PROMPT_HZ)).toBeGreaterThan(0.5);
  }, 60_000);

  it('plays until it is stopped', async () => {
    const play = await begin('plays', { sources: tone, loop: 'forever' });
    await rest.until(play, ['playing']);
    expect((await stop(play)).status).toBe(202);
    await rest.until(play, ['stopped']);
  }, 60_000);

  it('is barged by a key', async () => {
    const play = await begin('plays', { sources: tone, loop: 'forever', barge: true });
    await rest.until(play, ['playing']);
    await phone.press('5');
    await rest.until(play, ['barged']);
  }, 60_000);

  it('fails with what the media server says of a file that is not there', async () => {
    const play = await begin('plays', { sources: [{ file: 'nothing.wav' }] });
    expect(await rest.until(play, ['failed'])).toMatchObject({ error: { code: 'media_server_failed' } });
  }, 60_000);

  it('collects digits after a prompt', async () => {
    const collect = await begin('collects', { prompt: tone, max: 6, term: '#' });
    await rest.until(collect, ['collecting']);
    await phone.press('42#');
    expect(await rest.until<Work>(collect, ['matched'])).toMatchObject({ digits: '42', attempts: 1 });
  }, 60_000);

  it('asks again after nothing was keyed, and after something wrong', async () => {
    const body = { pattern: '1x', first_digit_ms: 400, inter_digit_ms: 1000, retries: 2 };
    const collect = await begin('collects', body);
    await eventually('a second attempt', async () => ((await rest.get<Work>(collect)).attempts ?? 0) > 1);
    await phone.press('99');
    await rest.until(collect, ['no_input', 'no_match', 'collecting']);
    await eventually('an outcome', async () => {
      const { state } = await rest.get<Work>(collect);
      return state === 'no_input' || state === 'no_match';
    });
    expect((await rest.get<Work>(collect)).digits).toBeUndefined();
  }, 60_000);

  it('keeps sensitive digits out of recordings, events, logs and the store, and tells them once', async () => {
    const recording = await rest.post<Work>(`/v1/calls/${call}/recordings`, { channels: 'dual' });
    const path = `/v1/recordings/${recording.body.id}`;
    await rest.until(path, ['recording']);
    const heardFrom = phone.heardMs;
    await eventually('a second is recorded', () => phone.heardMs - heardFrom > 1000);
    const collect = await begin('collects', { max: 8, term: '#', sensitive: true });
    await rest.until(path, ['paused']);
    await phone.press(`${PIN}#`);
    await rest.until(path, ['recording']);
    const list = await rest.get<{ data: Work[] }>(`/v1/calls/${call}/collects`);
    expect(list.data.at(-1)).toMatchObject({ state: 'matched', sensitive: true });
    expect(JSON.stringify(list)).not.toContain(PIN);

    const stored = () => redisContents(redis);
    expect(await stored()).toContain(call);
    expect(await stored()).not.toContain(PIN);
    expect(await rest.get<Work>(collect)).toMatchObject({ state: 'matched', digits: PIN });
    expect((await rest.get<Work>(collect)).digits).toBeUndefined();

    const resumedAt = phone.heardMs;
    await eventually('another second is recorded', () => phone.heardMs - resumedAt > 1000);
    await rest.post(`${path}/stop`);
    await rest.until(path, ['completed']);
    const wav = readWav(await rest.bytes(`${path}/media`));
    if (!wav.ok) throw new Error(wav.error);
    expect(silentSpanMs(wav.value.samples.filter((_, index) => index % 2 === 0))).toBeGreaterThan(600);

    const events = JSON.stringify(await rest.get('/v1/events?limit=100'));
    expect(events).toContain('collect.finished');
    const metrics = await (await fetch(`${control.http}/metrics`)).text();
    const logs = [...control.child.lines, ...media.child.lines].join('\n');
    for (const text of [events, metrics, logs, await stored()]) expect(text).not.toContain(PIN);
  }, 90_000);

  it('leaves nothing behind', async () => {
    await rest.post(`/v1/calls/${call}/hangup`);
    await rest.until(`/v1/calls/${call}`, ['ended']);
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    expect((await redis.keys()).filter(({ ttlMs }) => ttlMs <= 0)).toEqual([]);
    expect(await redisContents(redis)).not.toContain(PIN);
  }, 60_000);
});
