import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CRASH_POINTS } from '@legato/kernel';
import { energyShareAt, sineWave, writeWav } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { Baresip } from './support/baresip';
import { eventually } from './support/eventually';
import { Phone } from './support/phone';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import { tonePcap } from './support/tone-pcap';

const RATE = 8000;
const ANNOUNCEMENT_HZ = 600;
const ANNOUNCEMENT_MS = 400;
const WINDOW_SAMPLES = 400;

/** How long the tone of the announcement was heard. */
function toneMs(heard: Int16Array): number {
  let windows = 0;
  for (let at = 0; at + WINDOW_SAMPLES <= heard.length; at += WINDOW_SAMPLES) {
    const window = heard.subarray(at, at + WINDOW_SAMPLES);
    if (Math.max(...window) > 1_000 && energyShareAt(window, RATE, ANNOUNCEMENT_HZ) > 0.5) windows += 1;
  }
  return (windows * WINDOW_SAMPLES * 1_000) / RATE;
}

interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly location: string | null;
  readonly body: { id: string; state: string; code?: string };
}

/** The process is killed at each point on the way of a command; the client, who saw no answer, sends it again. */
describe('a command with an Idempotency-Key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-once-'));
  const recordings = join(folder, 'recordings');
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let callee: Baresip;
  let rest: Rest;
  let env: Record<string, string>;

  beforeAll(async () => {
    mkdirSync(recordings);
    writeFileSync(join(folder, 'tone.pcap'), tonePcap(440, 40_000));
    const spoken = join(folder, 'callee.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1000, 300_000)));
    redis = await RedisServer.start();
    callee = await Baresip.start({
      folder: join(folder, 'baresip'),
      user: 'callee',
      speaks: spoken,
      answers: 'auto',
    });
    writeFileSync(
      join(folder, 'announcement.wav'),
      writeWav({ sampleRate: 8000, channels: 1 }, sineWave(ANNOUNCEMENT_HZ, ANNOUNCEMENT_MS)),
    );
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings, LEGATO_MS_PROMPTS_DIR: folder });
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
    await start();
  }, 120_000);

  afterAll(async () => {
    await callee?.stop();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function start(crashAt?: string): Promise<void> {
    const armed: Record<string, string> =
      crashAt === undefined ? {} : { NODE_ENV: 'test', LEGATO_CRASH_AT: crashAt };
    control = await startControlPlane({ ...env, ...armed });
    rest = new Rest(control.http);
  }

  async function killed(crashAt?: string): Promise<void> {
    control.child.kill('SIGKILL');
    await control.child.exit();
    await start(crashAt);
  }

  async function send(path: string, key: string, body: unknown): Promise<Answer> {
    const response = await fetch(`${control.http}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      replayed: response.headers.get('idempotency-replayed') === 'true',
      location: response.headers.get('location'),
      body: (await response.json()) as Answer['body'],
    };
  }

  /** Sends a command that kills its process on the way, and again until there is an answer. */
  async function sendThroughCrash(path: string, key: string, body: unknown) {
    // The answer to one whose process dies late may have got out.
    const first = await send(path, key, body).catch(() => undefined);
    await control.child.exitWithin(20_000);
    await start();
    const second = await eventually('the command is answered', async () => {
      const answer = await send(path, key, body);
      return answer.body.code === 'idempotency_in_progress' ? undefined : answer;
    });
    return { first, second };
  }

  it('starts one recording, whatever the point at which the process dies', async () => {
    const caller = await sipp({
      scenario: 'caller-invites-then-waits-for-bye',
      remote: control.sip,
      cwd: folder,
      service: '2000',
      timeoutS: 240,
    });
    const call = await rest.call(['in_progress']);
    const path = `/v1/calls/${call.id}/recordings`;
    const made: string[] = [];
    for (const point of CRASH_POINTS) {
      await killed(point);
      const { first, second } = await sendThroughCrash(path, `key of ${point}`.replaceAll(' ', '-'), {
        channels: 'dual',
      });
      expect({ point, status: second.status }).toEqual({ point, status: 202 });
      if (first) expect({ ...second, replayed: false }).toEqual(first);
      const { id } = second.body;
      expect(second.location).toBe(`/v1/recordings/${id}`);
      made.push(id);
      const again = await send(path, `key of ${point}`.replaceAll(' ', '-'), { channels: 'dual' });
      expect(again).toEqual({ ...second, replayed: true });
      await rest.until(`/v1/recordings/${id}`, ['recording']);
      const { data } = await rest.get<{ data: { id: string }[] }>(path);
      expect({ point, ids: data.map((recording) => recording.id) }).toEqual({ point, ids: made });
      await rest.post(`/v1/recordings/${id}/stop`);
      await rest.until(`/v1/recordings/${id}`, ['completed']);
    }
    await rest.post(`/v1/calls/${call.id}/hangup`);
    await rest.until(`/v1/calls/${call.id}`, ['ended']);
    await caller.child.exitWithin(30_000);
    const files = readdirSync(recordings).filter((name) => name.endsWith('.wav'));
    expect(files.map((name) => name.replace('.wav', '')).sort()).toEqual([...made].sort());
    const types = await rest.eventTypes(call.id);
    expect(types.filter((type) => type === 'recording.started')).toHaveLength(made.length);
    expect(types.filter((type) => type === 'recording.completed')).toHaveLength(made.length);
    expect(types.filter((type) => type === 'call.ended')).toHaveLength(1);
  }, 240_000);

  it('plays one announcement, whatever the point at which the process dies', async () => {
    const call = await rest.post<{ id: string }>('/v1/calls', {
      from: 'sip:alice@127.0.0.1',
      to: [`sip:callee@127.0.0.1:${callee.sipPort}`],
    });
    const { id: callId } = call.body;
    await rest.until(`/v1/calls/${callId}`, ['in_progress']);
    const path = `/v1/calls/${callId}/plays`;
    const made: string[] = [];
    for (const point of CRASH_POINTS.filter((each) => each !== 'recording confirmed')) {
      await killed(point);
      const key = `play-${point}`.replaceAll(' ', '-');
      const { second } = await sendThroughCrash(path, key, { sources: [{ file: 'announcement.wav' }] });
      expect({ point, status: second.status }).toEqual({ point, status: 202 });
      made.push(second.body.id);
      await rest.until(`${path}/${second.body.id}`, ['completed']);
      const { data } = await rest.get<{ data: { id: string }[] }>(path);
      expect({ point, ids: data.map(({ id }) => id).sort() }).toEqual({ point, ids: [...made].sort() });
    }
    await rest.post(`/v1/calls/${callId}/hangup`);
    await rest.until(`/v1/calls/${callId}`, ['ended']);
    const types = await rest.eventTypes(callId);
    expect(types.filter((type) => type === 'play.completed')).toHaveLength(made.length);
    expect(types.filter((type) => type === 'play.started')).toHaveLength(made.length);
  }, 240_000);

  it('has one announcement heard that ends while nobody is there to hear of it', async () => {
    const phone = await Phone.open(control.sipPort, new Int16Array(RATE));
    try {
      const call = await rest.post<{ id: string }>('/v1/calls', {
        from: 'sip:alice@127.0.0.1',
        to: [phone.uri],
      });
      await rest.until(`/v1/calls/${call.body.id}`, ['in_progress']);
      const path = `/v1/calls/${call.body.id}/plays`;
      const body = { sources: [{ file: 'announcement.wav' }] };
      for (const point of ['command stored', 'command sent', 'play confirmed'] as const) {
        await killed(point);
        const from = phone.heardMs;
        await send(path, `heard-${point}`.replace(' ', '-'), body).catch(() => undefined);
        await control.child.exitWithin(20_000);
        // Either it was not sent, or it has come to its end before anybody takes the call up.
        if (point === 'play confirmed') {
          await eventually('the announcement is heard', () => toneMs(phone.since(from)) > 0);
          const begun = phone.heardMs;
          await eventually('the announcement is over', () => phone.heardMs > begun + ANNOUNCEMENT_MS);
        }
        await start();
        const { id } = (await send(path, `heard-${point}`.replace(' ', '-'), body)).body;
        await rest.until(`${path}/${id}`, ['completed']);
        const after = phone.heardMs;
        // Another one would be heard at once.
        await eventually('a while has passed', () => phone.heardMs > after + ANNOUNCEMENT_MS);
        expect({ point, ms: Math.round(toneMs(phone.since(from)) / 200) * 200 }).toEqual({
          point,
          ms: ANNOUNCEMENT_MS,
        });
      }
      const types = await rest.eventTypes(call.body.id);
      expect(types.filter((type) => type === 'play.started')).toHaveLength(3);
      expect(types.filter((type) => type === 'play.completed')).toHaveLength(3);
      await rest.post(`/v1/calls/${call.body.id}/hangup`);
      await rest.until(`/v1/calls/${call.body.id}`, ['ended']);
    } finally {
      await phone.close();
    }
  }, 120_000);

  it('originates one call, and ends one', async () => {
    const body = {
      from: 'sip:alice@127.0.0.1',
      to: [`sip:callee@127.0.0.1:${callee.sipPort}`],
      metadata: { test: 'once' },
    };
    for (const point of ['command begun', 'command stored', 'command done', 'command kept']) {
      await killed(point);
      const key = `call-${point.replace(' ', '-')}`;
      const { second } = await sendThroughCrash('/v1/calls', key, { ...body, metadata: { test: point } });
      expect({ point, status: second.status }).toEqual({ point, status: 202 });
      expect((await send('/v1/calls', key, { ...body, metadata: { test: point } })).body.id).toBe(
        second.body.id,
      );
      const { data } = await rest.get<{ data: { id: string; metadata: { test?: string } }[] }>(
        '/v1/calls?limit=100',
      );
      expect(data.filter(({ metadata }) => metadata.test === point).map(({ id }) => id)).toEqual([
        second.body.id,
      ]);
      await rest.post(`/v1/calls/${second.body.id}/hangup`);
      await rest.until(`/v1/calls/${second.body.id}`, ['ended']);
    }
  }, 180_000);

  it('is answered as the first time though the call has ended since', async () => {
    const call = await rest.post<{ id: string }>('/v1/calls', {
      from: 'sip:alice@127.0.0.1',
      to: [`sip:callee@127.0.0.1:${callee.sipPort}`],
    });
    await rest.until(`/v1/calls/${call.body.id}`, ['in_progress']);
    await killed('command stored');
    const path = `/v1/calls/${call.body.id}/hangup`;
    const { second } = await sendThroughCrash(path, 'the-hangup', {});
    expect([second.status, second.body]).toMatchObject([202, { id: call.body.id, state: 'ending' }]);
    await rest.until(`/v1/calls/${call.body.id}`, ['ended']);
  }, 60_000);
});
