import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { keysHeard } from './support/keys-heard';
import { MediaAudit } from './support/media-audit';
import { Phone } from './support/phone';
import { redisContents } from './support/redis-contents';
import { Rest } from './support/rest';
import { silentSpanMs } from './support/silent-span';
import { TonePhone } from './support/tone-phone';

const [A, B, C] = [440, 1000, 2300];
const FROM = 'sip:room@example.com';
/** Digits that stand nowhere by chance. */
const PIN = '918273';

interface Participant {
  id: string;
  call_id: string;
}
interface Resource {
  id: string;
  state: string;
}

interface Tracks extends Resource {
  tracks: string[];
}
interface Track extends Resource {
  parent_id?: string;
  participant_id?: string;
}

/** What is recorded of conferences, and what is not; both applications run as processes over a real Redis. */
describe('recordings of conferences', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-conference-recordings-'));
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let env: Record<string, string>;
  let rest: Rest;
  let audit: MediaAudit;
  let phones: { close(): Promise<void> }[] = [];
  const logs: string[] = [];

  beforeAll(async () => {
    const [recordings, prompts] = [join(folder, 'recordings'), join(folder, 'prompts')];
    for (const each of [recordings, prompts]) mkdirSync(each);
    writeFileSync(
      join(prompts, 'tone.wav'),
      writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1700, 200)),
    );
    redis = await RedisServer.start();
    media = await startMediaServer({
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: prompts,
      LEGATO_LOG_LEVEL: 'debug',
    });
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_LOG_LEVEL: 'debug',
    };
    await start();
    audit = await MediaAudit.open(media.sipPort);
  }, 120_000);

  afterEach(async () => {
    await Promise.all(phones.map((phone) => phone.close()));
    phones = [];
  });

  afterAll(async () => {
    await audit?.close();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function start(): Promise<void> {
    control = await startControlPlane(env);
    rest = new Rest(control.http);
  }

  async function killAndStart(): Promise<void> {
    control.child.kill('SIGKILL');
    await control.child.exit();
    logs.push(...control.child.lines);
    await start();
  }

  async function create(name: string): Promise<string> {
    const made = await rest.post<Resource>('/v1/conferences', { name, speaker_interval_ms: 0 });
    expect(made.status).toBe(201);
    return `/v1/conferences/${made.body.id}`;
  }

  async function meet(
    room: string,
    phone: { readonly uri: string; close(): Promise<void> },
  ): Promise<Participant> {
    phones.push(phone);
    const rung = await rest.post<Participant>(`${room}/participants`, { to: phone.uri, from: FROM });
    await rest.until(`${room}/participants/${rung.body.id}`, ['connected']);
    return rung.body;
  }

  async function wavOf(recording: string): Promise<Int16Array> {
    const wav = readWav(await rest.bytes(`${recording}/media`));
    if (!wav.ok) throw new Error(wav.error);
    return wav.value.samples;
  }

  /** Nothing is on the media server, nor of any call here. */
  async function nothingLeft(): Promise<void> {
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    await eventually('the media server has let go of everything', async () => {
      const left = await audit.objects();
      if (left.length > 0) throw new Error(left.join(' '));
      return true;
    });
  }

  it('have nothing of what is keyed for a sensitive collection, and go on with the voice after it', async () => {
    const room = await create('secrets');
    const listener = await TonePhone.open(B, control.sipPort);
    await meet(room, listener);
    const byTones = await Phone.open(control.sipPort, sineWave(A, 1000), 'tones');
    const byEvents = await Phone.open(control.sipPort, sineWave(C, 1000));
    const parties = [
      { phone: byTones, call: `/v1/calls/${(await meet(room, byTones)).call_id}` },
      { phone: byEvents, call: `/v1/calls/${(await meet(room, byEvents)).call_id}` },
    ];
    const everybodyIsHeard = () => eventually('everybody is heard', () => listener.hears([A, C], [B]));
    await everybodyIsHeard();
    const { body } = await rest.post<Resource>(`${room}/recordings`);
    const recording = `/v1/recordings/${body.id}`;
    await rest.until(recording, ['recording']);
    const ask = async (call: string, options: object): Promise<string> => {
      const { body: collect } = await rest.post<Resource>(`${call}/collects`, options);
      await rest.until(`${call}/collects/${collect.id}`, ['collecting']);
      return `${call}/collects/${collect.id}`;
    };
    const [inTones] = parties;
    if (!inTones) throw new Error('no party');
    // What is keyed in the open is in the recording.
    const open = await ask(inTones.call, { max: 1 });
    await inTones.phone.press('5');
    expect(await rest.until(open, ['matched'])).toMatchObject({ digits: '5' });

    for (const { phone, call } of parties) {
      const secret = await ask(call, { prompt: [{ file: 'tone.wav' }], max: 16, term: '#', sensitive: true });
      await phone.press(`${PIN}#`);
      await eventually('the digits are matched', async () => {
        const { data } = await rest.get<{ data: Resource[] }>(`${call}/collects`);
        return data.at(-1)?.state === 'matched';
      });
      expect(await redisContents(redis)).not.toContain(PIN);
      const { digits } = await rest.get<{ digits?: string }>(secret);
      // On a busy machine a tone may be heard as two.
      expect(digits?.replace(/(.)\1+/g, '$1')).toBe(PIN);
      await everybodyIsHeard();
    }

    // The process dies while something is keyed: when that is over the party is heard again.
    const last = await ask(inTones.call, { max: 8, sensitive: true, first_digit_ms: 60_000 });
    await killAndStart();
    await eventually('the party is silent', () => listener.hears([C], [A, B]));
    await inTones.phone.press('27');
    await eventually('the keys are said', () => byTones.hasSaidKeys);
    expect((await rest.delete(last)).status).toBe(202);
    await rest.until(last, ['terminated']);
    await everybodyIsHeard();

    await rest.post(`${recording}/stop`);
    await rest.until(recording, ['completed']);
    expect(keysHeard(await wavOf(recording))).toMatch(/^5+$/);
    const events = JSON.stringify(await rest.get('/v1/events?limit=1000'));
    expect(events).toContain('collect.finished');
    await rest.post(`${room}/end`);
    await rest.until(room, ['ended']);
    await nothingLeft();
    logs.push(...control.child.lines, ...media.child.lines);
    for (const text of [events, logs.join('\n'), await redisContents(redis)]) expect(text).not.toContain(PIN);
  }, 120_000);

  it('have a track for each who takes part, with nothing of the others', async () => {
    const room = await create('tracks');
    const tones = [A, B, C];
    const voices: TonePhone[] = [];
    const join = async (hz: number): Promise<Participant> => {
      const phone = await TonePhone.open(hz, control.sipPort);
      voices.push(phone);
      return meet(room, phone);
    };
    const first = await join(A);
    const asked = await rest.post<Tracks>(`${room}/recordings`, { channels: 'per_participant' });
    expect(asked).toMatchObject({ status: 202, body: { channels: 'per_participant' } });
    const recording = `/v1/recordings/${asked.body.id}`;
    const second = await join(B);
    const third = await join(C);
    const { data } = await eventually('a track for each', async () => {
      const page = await rest.get<{ data: Track[] }>(`${room}/recordings`);
      const recorded = page.data.filter(({ parent_id, state }) => parent_id && state === 'recording');
      return recorded.length === tones.length ? page : undefined;
    });
    const trackOf = ({ id }: Participant) =>
      `/v1/recordings/${data.find(({ participant_id }) => participant_id === id)?.id}`;
    // One who mutes is silent in its track, and one who leaves has its own file already.
    await eventually('everybody is heard', () => voices[0]?.hears([B, C], [A]));
    await rest.patch(`${room}/participants/${second.id}`, { muted: true });
    await rest.until(trackOf(second), ['paused']);
    await rest.delete(`${room}/participants/${third.id}`);
    await rest.until(trackOf(third), ['completed']);
    await eventually('nobody else is heard', () => voices[0]?.hears([], tones));
    await rest.patch(`${room}/participants/${second.id}`, { muted: false });
    await rest.until(trackOf(second), ['recording']);
    await eventually('the second is heard again', () => voices[0]?.hears([B], [A, C]));

    expect((await rest.post(`${recording}/stop`)).status).toBe(202);
    expect(await rest.until<Tracks>(recording, ['completed'])).toMatchObject({
      tracks: [first, second, third].map((each) => trackOf(each).replace('/v1/recordings/', '')),
    });
    for (const [index, participant] of [first, second, third].entries()) {
      const samples = await wavOf(trackOf(participant));
      const shares = tones.map((hz) => energyShareAt(samples, 8000, hz));
      expect(shares.map((share) => share > 0.5)).toEqual(tones.map((_, other) => other === index));
      expect(shares.filter((share) => share > 0.01)).toHaveLength(1);
      expect(await rest.get(`${trackOf(participant)}/manifest`)).toMatchObject({
        channels: 1,
        samples: samples.length,
        pauses: participant === second ? [{ mode: 'silence', note: 'pause.silence.muted' }] : [],
      });
    }
    expect(silentSpanMs(await wavOf(trackOf(second)))).toBeGreaterThan(400);
    const media = await fetch(`${control.http}${recording}/media`);
    expect([media.status, ((await media.json()) as { code: string }).code]).toEqual([
      409,
      'recording_has_tracks',
    ]);
    await rest.delete(recording);
    expect(await rest.get(trackOf(first))).toMatchObject({ state: 'deleted' });
    await rest.post(`${room}/end`);
    await rest.until(room, ['ended']);
    await nothingLeft();
  }, 120_000);
});
