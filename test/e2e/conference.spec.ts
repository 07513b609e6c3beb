import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { MediaAudit } from './support/media-audit';
import { Rest } from './support/rest';
import { TonePhone } from './support/tone-phone';
import { description, SDP } from './support/wire-call';
import { answerTo, WirePeer } from './support/wire-peer';

const [A, B, C, PROMPT] = [400, 900, 1400, 2300];
const TONES = [A, B, C, PROMPT];
const WITHOUT = (...heard: number[]) => TONES.filter((hz) => !heard.includes(hz));
const HUNDRED = 100;
const FROM = 'sip:room@example.com';

interface Participant {
  id: string;
  state: string;
  call_id: string;
}
interface Conference {
  id: string;
  state: string;
  generation: number;
  participants: number;
  ended_reason?: string;
}

/** Phones that say a tone each, in a conference; both applications run as processes over a real Redis. */
describe('a conference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-conference-'));
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let env: Record<string, string>;
  let rest: Rest;
  let audit: MediaAudit;
  let phones: TonePhone[] = [];

  beforeAll(async () => {
    const [recordings, prompts] = [join(folder, 'recordings'), join(folder, 'prompts')];
    for (const each of [recordings, prompts]) mkdirSync(each);
    writeFileSync(
      join(prompts, 'announcement.wav'),
      writeWav({ sampleRate: 8000, channels: 1 }, sineWave(PROMPT, 60_000)),
    );
    redis = await RedisServer.start();
    media = await startMediaServer({
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: prompts,
    });
    const routes = join(folder, 'routes.json');
    writeFileSync(routes, JSON.stringify({ routes: [{ number: '8000', conference: 'number' }] }));
    env = {
      LEGATO_ROUTES: routes,
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_SIP_RATE: '0',
    };
    control = await startControlPlane(env);
    rest = new Rest(control.http);
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

  const path = ({ id }: Conference, rest = '') => `/v1/conferences/${id}${rest}`;

  async function create(name: string, options: object = {}): Promise<Conference> {
    const made = await rest.post<Conference>('/v1/conferences', { name, speaker_interval_ms: 0, ...options });
    expect(made.status).toBe(201);
    return made.body;
  }

  async function ring(conference: Conference, uri: string, options: object = {}): Promise<Participant> {
    const rung = await rest.post<Participant>(path(conference, '/participants'), {
      to: uri,
      from: FROM,
      ...options,
    });
    expect(rung.status).toBe(202);
    return rung.body;
  }

  const connected = (conference: Conference, { id }: Participant) =>
    rest.until<Participant>(path(conference, `/participants/${id}`), ['connected']);

  /** Phones that say these tones, all of them connected. */
  async function meet(conference: Conference, tones: readonly number[]): Promise<Participant[]> {
    const there: Participant[] = [];
    for (const hz of tones) {
      const phone = await TonePhone.open(hz, control.sipPort);
      phones.push(phone);
      there.push(await ring(conference, phone.uri));
    }
    for (const participant of there) await connected(conference, participant);
    return there;
  }

  /** Waits until each phone hears these tones, in the order of the phones, and no other. */
  async function hear(...expected: readonly (readonly number[])[]): Promise<void> {
    for (const [index, tones] of expected.entries()) {
      const phone = phones[index];
      if (!phone) throw new Error(`no phone ${index}`);
      await eventually(`phone ${phone.hz} hears ${tones.join(' and ')}`, () => {
        if (phone.hears(tones, WITHOUT(...tones))) return true;
        throw new Error(JSON.stringify(phone.shares(TONES)));
      });
    }
  }

  const patch = async (conference: Conference, { id }: Participant, change: object) => {
    const answer = await rest.patch<Participant>(path(conference, `/participants/${id}`), change);
    expect(answer.status).toBe(202);
  };

  async function end(conference: Conference): Promise<void> {
    expect((await rest.post(path(conference, '/end'))).status).toBe(202);
    await rest.until<Conference>(path(conference), ['ended']);
  }

  /** Nothing of it is on the media server, nor anything of its calls. */
  async function nothingLeft(): Promise<void> {
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    expect(await rest.metric('legato_conferences')).toBe(0);
    await eventually('the media server has let go of everything', async () => {
      const left = await audit.objects();
      if (left.length > 0) throw new Error(left.join(' '));
      return true;
    });
  }

  it('lets each of three hear the two others and not itself, mute, hold and coach', async () => {
    const conference = await create('voices', { music: [{ file: 'announcement.wav' }] });
    const [a, b, c] = await meet(conference, [A, B, C]);
    if (!a || !b || !c) throw new Error('three participants');
    await hear([B, C], [A, C], [A, B]);

    await patch(conference, b, { muted: true });
    await hear([C], [A, C], [A]);
    await patch(conference, b, { muted: false, deaf: true });
    await hear([B, C], [], [A, B]);
    await patch(conference, b, { deaf: false, hold: true });
    await hear([C], [PROMPT], [A]);
    await patch(conference, b, { hold: false });
    await hear([B, C], [A, C], [A, B]);

    await patch(conference, c, { coach_of: a.id });
    await hear([B, C], [A], [A, B]);
    await patch(conference, c, { coach_of: null });
    await hear([B, C], [A, C], [A, B]);
    await end(conference);
    await nothingLeft();
  }, 120_000);

  it('announces to all and to one, records the mix, and goes on without one who is kicked', async () => {
    const conference = await create('announcements');
    const [a, , c] = await meet(conference, [A, B, C]);
    await hear([B, C], [A, C], [A, B]);
    const recording = await rest.post<{ id: string }>(path(conference, '/recordings'));
    const file = `/v1/recordings/${recording.body.id}`;
    await rest.until(file, ['recording']);
    const play = await rest.post<{ id: string }>(path(conference, '/plays'), {
      sources: [{ file: 'announcement.wav' }],
    });
    await hear([B, C, PROMPT], [A, C, PROMPT], [A, B, PROMPT]);
    await rest.delete(path(conference, `/plays/${play.body.id}`));
    await hear([B, C], [A, C], [A, B]);
    const whisper = await rest.post<{ id: string }>(path(conference, '/plays'), {
      sources: [{ file: 'announcement.wav' }],
      participant: a?.id,
    });
    await hear([B, C, PROMPT], [A, C], [A, B]);
    await rest.delete(path(conference, `/plays/${whisper.body.id}`));

    const kicked = await rest.delete<Participant>(path(conference, `/participants/${c?.id}`));
    expect(kicked).toMatchObject({ status: 202, body: { state: 'left', left_reason: 'kicked' } });
    await eventually('the kicked one is hung up', () => phones[2]?.isHungUp);
    await hear([B], [A]);

    expect((await rest.post(`${file}/stop`)).status).toBe(202);
    await rest.until(file, ['completed']);
    const wav = readWav(await rest.bytes(`${file}/media`));
    if (!wav.ok) throw new Error(wav.error);
    for (const hz of TONES)
      expect(energyShareAt(wav.value.samples, wav.value.sampleRate, hz)).toBeGreaterThan(0.03);
    await end(conference);
    await nothingLeft();
    const types = await rest.eventTypes(conference.id);
    expect(types).toEqual(
      expect.arrayContaining(['play.started', 'recording.completed', 'participant.left']),
    );
    expect(types.at(-1)).toBe('conference.ended');
  }, 120_000);

  it('takes those who call its number, those it rings, and calls that are there', async () => {
    const caller = await TonePhone.open(A, control.sipPort);
    phones.push(caller);
    await caller.call(`sip:8000@${control.sip}`);
    const conference = await eventually('the number makes its conference', async () => {
      const page = await rest.get<{ data: Conference[] }>('/v1/conferences?name=number&state=active');
      return page.data[0];
    });
    const [rung] = await meet(conference, [B]);
    const called = await TonePhone.open(C, control.sipPort);
    phones.push(called);
    const call = await rest.post<{ id: string }>('/v1/calls', { from: FROM, to: [called.uri] });
    await rest.until(`/v1/calls/${call.body.id}`, ['in_progress']);
    const added = await rest.post<Participant>(path(conference, '/participants'), { call_id: call.body.id });
    expect(added.status).toBe(202);
    await hear([B, C], [A, C], [A, B]);
    const twice = await rest.post<{ code: string }>(path(conference, '/participants'), {
      call_id: call.body.id,
    });
    expect([twice.status, twice.body.code]).toEqual([409, 'media_in_use']);
    await rest.delete(path(conference, `/participants/${added.body.id}?hang_up=false`));
    await hear([B], [A], []);
    expect(await rest.get(`/v1/calls/${call.body.id}`)).toMatchObject({ state: 'in_progress' });
    expect((await rest.post(`/v1/calls/${call.body.id}/hangup`)).status).toBe(202);
    await rest.delete(path(conference, `/participants/${rung?.id}`));
    await hear([]);
    await end(conference);
    await nothingLeft();
  }, 120_000);

  it('starts and ends with its host, tells who speaks, mutes all, and lets nobody in who comes when it is locked', async () => {
    const conference = await create('hosted', {
      start_on: 'host',
      end_on: 'host',
      announce: { enter: true, leave: true },
      speaker_interval_ms: 100,
      music: [{ file: 'announcement.wav' }],
    });
    const [member] = await meet(conference, [A]);
    await hear([PROMPT]);
    expect(await rest.get(path(conference))).toMatchObject({ state: 'created' });
    const phone = await TonePhone.open(B, control.sipPort);
    phones.push(phone);
    const host = await ring(conference, phone.uri, { role: 'host' });
    await connected(conference, host);
    await hear([B], [A]);
    await eventually('it is told that the host speaks', async () => {
      const participants = await rest.get<{ data: { id: string; speaking: boolean }[] }>(
        path(conference, '/participants'),
      );
      return participants.data.every(({ speaking }) => speaking);
    });
    expect((await rest.post(path(conference, '/mute'))).status).toBe(202);
    await hear([B], []);
    expect((await rest.post(path(conference, '/mute'), { muted: false })).status).toBe(202);
    await hear([B], [A]);
    expect((await rest.post(path(conference, '/lock'))).status).toBe(200);
    const late = await rest.post<{ code: string }>(path(conference, '/participants'), {
      to: phone.uri,
      from: FROM,
    });
    expect([late.status, late.body.code]).toEqual([409, 'conference_locked']);
    expect((await rest.post(path(conference, '/unlock'))).status).toBe(200);
    await rest.delete(path(conference, `/participants/${host.id}`));
    expect(await rest.until<Conference>(path(conference), ['ended'])).toMatchObject({
      ended_reason: 'host_left',
    });
    expect(await rest.get(path(conference, `/participants/${member?.id}`))).toMatchObject({ state: 'left' });
    await nothingLeft();
    const types = await rest.eventTypes(conference.id);
    expect(types).toEqual(
      expect.arrayContaining(['participant.speaking', 'conference.locked', 'conference.unlocked']),
    );
  }, 120_000);

  it('goes on when the control plane is killed, and does what is wanted afterwards', async () => {
    const conference = await create('survivor');
    const [, b] = await meet(conference, [A, B, C]);
    await hear([B, C], [A, C], [A, B]);
    control.child.kill('SIGKILL');
    await control.child.exit();
    control = await startControlPlane(env);
    rest = new Rest(control.http);
    await hear([B, C], [A, C], [A, B]);
    expect(await rest.get<Conference>(path(conference))).toMatchObject({ state: 'active', participants: 3 });
    if (b) await patch(conference, b, { muted: true });
    await hear([C], [A, C], [A]);
    const same = await rest.post<Conference>('/v1/conferences', { name: 'survivor' });
    expect([same.status, same.body.id]).toEqual([200, conference.id]);
    await end(conference);
    await nothingLeft();
    const next = await rest.post<Conference>('/v1/conferences', { name: 'survivor' });
    expect([next.status, next.body.generation]).toEqual([201, 2]);
    await end(next.body);
  }, 120_000);

  it('has room for a hundred, and leaves nothing of them', async () => {
    const crowd = await WirePeer.open(control.sipPort);
    let byes = 0;
    crowd.onRequest = (request) => {
      if (request.method === 'BYE') byes += 1;
      if (request.method === 'ACK') return undefined;
      if (request.method !== 'INVITE') return answerTo(request, 200);
      return answerTo(request, 200, {
        headers: [`Contact: <${crowd.uri}>`, `Content-Type: ${SDP['Content-Type']}`],
        // Nothing is sent to a phone that only sends, and this one sends nothing.
        body: description(crowd.host, 'm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendonly'),
      });
    };
    const conference = await create('crowd', { max_participants: HUNDRED });
    await Promise.all(Array.from({ length: HUNDRED }, () => ring(conference, crowd.uri)));
    const full = await rest.post<{ code: string }>(path(conference, '/participants'), {
      to: crowd.uri,
      from: FROM,
    });
    expect([full.status, full.body.code]).toEqual([409, 'conference_full']);
    await eventually(
      'a hundred are connected',
      async () => {
        const page = await rest.get<{ data: Participant[] }>(path(conference, '/participants'));
        return page.data.filter(({ state }) => state === 'connected').length === HUNDRED;
      },
      60_000,
    );
    expect((await audit.objects()).filter((id) => id.startsWith('conn:')).length).toBeGreaterThanOrEqual(
      HUNDRED,
    );
    expect(await rest.metric('legato_participants')).toBe(HUNDRED);
    expect(await rest.metric('legato_conferences')).toBe(1);
    await end(conference);
    await eventually('everybody is hung up', () => byes >= HUNDRED);
    await nothingLeft();
    await crowd.close();
  }, 180_000);

  it('keeps nothing for ever in Redis', async () => {
    expect((await redis.keys()).filter(({ ttlMs }) => ttlMs <= 0)).toEqual([]);
  });
});
