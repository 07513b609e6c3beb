import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '@legato/media';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { MediaAudit } from './support/media-audit';
import { Phone } from './support/phone';
import { redisContents } from './support/redis-contents';
import { Rest } from './support/rest';
import { TonePhone } from './support/tone-phone';

const [A, B] = [440, 1000];
const FROM = 'sip:room@example.com';
const KEY = 'key-of-the-operator';
const PIN = '918273';

interface Resource {
  id: string;
  state: string;
  code?: string;
}

/** Two control planes on one Redis, as processes: what the one has is commanded through the other. */
describe('two nodes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-two-nodes-'));
  let redis: RedisServer;
  let media: MediaServer;
  let audit: MediaAudit;
  let envOfA: Record<string, string>;
  let a: ControlPlane;
  let b: ControlPlane;
  let throughB: Rest;
  let phones: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    const recordings = join(folder, 'recordings');
    mkdirSync(recordings);
    redis = await RedisServer.start();
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings });
    const shared = {
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_API_KEYS: KEY,
    };
    envOfA = {
      ...shared,
      LEGATO_NODE_ID: 'a',
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
    };
    [a, b] = await Promise.all([
      startControlPlane(envOfA),
      startControlPlane({ ...shared, LEGATO_NODE_ID: 'b' }),
    ]);
    throughB = new Rest(b.http, KEY);
    audit = await MediaAudit.open(media.sipPort);
  }, 120_000);

  afterEach(async () => {
    await Promise.all(phones.map((phone) => phone.close()));
    phones = [];
  });

  afterAll(async () => {
    await audit?.close();
    for (const node of [a, b]) await node?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function send(path: string, body: unknown, key?: string) {
    const response = await fetch(`${b.http}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    });
    const replayed = response.headers.get('idempotency-replayed') === 'true';
    return { status: response.status, replayed, body: (await response.json()) as Resource, response };
  }

  /** A call of one party that A has. */
  async function callOfA(phone: { readonly uri: string; close(): Promise<void> }): Promise<string> {
    phones.push(phone);
    const made = await new Rest(a.http, KEY).post<Resource>('/v1/calls', { from: FROM, to: [phone.uri] });
    const call = `/v1/calls/${made.body.id}`;
    await throughB.until(call, ['in_progress']);
    return call;
  }

  async function nothingLeft(): Promise<void> {
    await eventually('the media server has let go of everything', async () => {
      const left = await audit.objects();
      if (left.length > 0) throw new Error(left.join(' '));
      return true;
    });
  }

  it('record a call of the other, once for each key, and collect digits that are sensitive', async () => {
    const phone = await Phone.open(a.sipPort, new Int16Array(8000).fill(900));
    const call = await callOfA(phone);
    const first = await send(`${call}/recordings`, { channels: 'dual' }, 'one');
    const again = await send(`${call}/recordings`, { channels: 'dual' }, 'one');
    expect([first.status, first.replayed, again.status, again.replayed]).toEqual([202, false, 202, true]);
    expect(again.body).toEqual(first.body);
    expect(first.response.headers.get('location')).toBe(`/v1/recordings/${first.body.id}`);
    const recording = `/v1/recordings/${first.body.id}`;
    await throughB.until(recording, ['recording']);
    expect(await throughB.get(`${call}/recordings`)).toMatchObject({ data: [{ id: first.body.id }] });

    const asked = await send(`${call}/collects`, { max: 8, term: '#', sensitive: true });
    const collect = `${call}/collects/${asked.body.id}`;
    await throughB.until(collect, ['collecting']);
    await phone.press(`${PIN}#`);
    await eventually('the digits are matched', async () => {
      const { data } = await throughB.get<{ data: Resource[] }>(`${call}/collects`);
      return data.at(-1)?.state === 'matched';
    });
    expect(await throughB.get(collect)).toMatchObject({ digits: PIN });
    expect(await redisContents(redis)).not.toContain(PIN);

    expect((await send(`${recording}/stop`, {})).status).toBe(202);
    await throughB.until(recording, ['completed']);
    expect(readWav(await throughB.bytes(`${recording}/media`)).ok).toBe(true);
    expect((await send(`${call}/hangup`, {})).status).toBe(202);
    await throughB.until(call, ['ended']);
    expect((await send(`${call}/hangup`, {})).body.code).toBe('call_ended');
    await nothingLeft();
  }, 120_000);

  it('ring, mute, record and end a conference of the other', async () => {
    const made = await new Rest(a.http, KEY).post<Resource>('/v1/conferences', { name: 'room' });
    const room = `/v1/conferences/${made.body.id}`;
    const same = await send('/v1/conferences', { name: 'room' });
    expect([same.status, same.body.id]).toEqual([200, made.body.id]);
    const [first, second] = [await TonePhone.open(A, a.sipPort), await TonePhone.open(B, a.sipPort)];
    phones.push(first, second);
    const there: string[] = [];
    for (const phone of [first, second]) {
      const rung = await send(`${room}/participants`, { to: phone.uri, from: FROM });
      expect(rung.status).toBe(202);
      there.push(`${room}/participants/${rung.body.id}`);
    }
    for (const participant of there) await throughB.until(participant, ['connected']);
    await eventually('they hear each other', () => first.hears([B], [A]) && second.hears([A], [B]));
    expect((await throughB.patch(there[1] ?? '', { muted: true })).status).toBe(202);
    await eventually('the second is muted', () => first.hears([], [A, B]));
    const recording = await send(`${room}/recordings`, {});
    await throughB.until(`/v1/recordings/${recording.body.id}`, ['recording']);
    const refused = await throughB.patch<Resource>(there[1] ?? '', { gain_db: 99 });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_fields']);
    expect((await send(`${room}/end`, {})).status).toBe(202);
    await throughB.until(room, ['ended']);
    await throughB.until(`/v1/recordings/${recording.body.id}`, ['completed']);
    const next = await send('/v1/conferences', { name: 'room' });
    expect([next.status, next.body]).toMatchObject([201, { generation: 2 }]);
    expect((await send(`/v1/conferences/${next.body.id}/end`, {})).status).toBe(202);
    await nothingLeft();
  }, 120_000);

  it('say so when the other is dead, then have its calls, and command them through it when it is back', async () => {
    const phone = await TonePhone.open(A, a.sipPort);
    const call = await callOfA(phone);
    const made = await new Rest(a.http, KEY).post<Resource>('/v1/conferences', { name: 'survivor' });
    const room = `/v1/conferences/${made.body.id}`;
    const guest = await TonePhone.open(B, a.sipPort);
    phones.push(guest);
    const rung = await send(`${room}/participants`, { to: guest.uri, from: FROM });
    await throughB.until(`${room}/participants/${rung.body.id}`, ['connected']);
    const before = await send(`${call}/recordings`, {}, 'before');
    await throughB.until(`/v1/recordings/${before.body.id}`, ['recording']);

    a.child.kill('SIGKILL');
    await a.child.exit();
    const lost = await send(`${call}/recordings`, { channels: 'dual' }, 'again');
    expect([lost.status, lost.body.code, lost.response.headers.get('retry-after')]).toEqual([
      503,
      'owner_unreachable',
      '2',
    ]);
    expect(await throughB.get(call)).toMatchObject({ state: 'in_progress' });
    const done = await eventually('the command is carried out', async () => {
      const answer = await send(`${call}/recordings`, { channels: 'dual' }, 'again');
      return answer.status === 202 ? answer : undefined;
    });
    const { data } = await throughB.get<{ data: Resource[] }>(`${call}/recordings`);
    expect(data.map(({ id }) => id)).toEqual([before.body.id, done.body.id]);
    const stopped = `/v1/recordings/${before.body.id}/stop`;
    expect((await send(stopped, {})).status).toBe(202);
    // What the media server has to tell comes to the node that has the call now.
    await throughB.until(`/v1/recordings/${before.body.id}`, ['completed']);
    expect((await throughB.patch(`${room}/participants/${rung.body.id}`, { muted: true })).status).toBe(202);
    const room2 = await send('/v1/conferences', { name: 'survivor' });
    expect([room2.status, room2.body.id]).toEqual([200, made.body.id]);

    a = await startControlPlane(envOfA);
    const throughA = new Rest(a.http, KEY);
    expect((await throughA.post(`${call}/hangup`)).status).toBe(202);
    await throughA.until(call, ['ended']);
    await throughA.until(`/v1/recordings/${done.body.id}`, ['completed']);
    expect((await throughA.post(`${room}/end`)).status).toBe(202);
    await throughA.until(room, ['ended']);
    await nothingLeft();
    for (const subject of [call, room].map((path) => path.slice(path.lastIndexOf('/') + 1))) {
      const types = await throughA.eventTypes(subject);
      expect(types.filter((type) => /^(call|conference)\.(recovered|ended)$/.test(type))).toHaveLength(2);
    }
  }, 120_000);
});
