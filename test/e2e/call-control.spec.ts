import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { MediaAudit } from './support/media-audit';
import { Rest } from './support/rest';
import { TonePhone } from './support/tone-phone';
import { headerOf } from './support/wire-message';

const ALICE_HZ = 440;
const BOB_HZ = 1000;
const TONES = [ALICE_HZ, BOB_HZ];

interface Call {
  id: string;
  state: string;
  mode: string;
  command_id?: string;
  target?: { kind: string; name: string };
}

interface Event {
  type: string;
  subject: string;
  data: Record<string, unknown>;
}

/** Two phones; both applications run as processes over a real Redis, and what the phones hear is what counts. */
describe('calls under control over REST', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let rest: Rest;
  let env: Record<string, string>;
  let alice: TonePhone;
  let bob: TonePhone;

  beforeAll(async () => {
    redis = await RedisServer.start();
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: folder });
    const bobPort = await startBob();
    const routes = [
      { number: '3002', webhook: 'crm' },
      { number: '1000', to: `sip:bob@127.0.0.1:${bobPort}`, mode: 'direct' },
    ];
    writeFileSync(join(folder, 'routes.json'), JSON.stringify({ routes }));
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: join(folder, 'routes.json'),
    };
    control = await startControlPlane(env);
    rest = new Rest(control.http);
  }, 120_000);

  /** Bob only answers, so that he needs no address of the control plane. */
  async function startBob(): Promise<number> {
    bob = await TonePhone.open(BOB_HZ, 9);
    return Number(bob.uri.slice(bob.uri.lastIndexOf(':') + 1));
  }

  beforeEach(async () => {
    alice = await TonePhone.open(ALICE_HZ, control.sipPort);
  });
  afterEach(() => alice.close());

  afterAll(async () => {
    await bob?.close();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const uriOf = (number: string) => `sip:${number}@${control.sip}`;
  const eventsOf = async (id: string) =>
    (await rest.get<{ data: Event[] }>('/v1/events?limit=1000')).data.filter(({ subject }) => subject === id);

  /** A command that is taken; when `outcome` is given, waits for the event that tells of it. */
  async function command(id: string, verb: string, body?: object, outcome?: string): Promise<Call> {
    const answer = await rest.post<Call>(`/v1/calls/${id}/${verb}`, body);
    expect([verb, answer.status]).toEqual([verb, 202]);
    if (outcome !== undefined) {
      await eventually(`${outcome} follows ${verb}`, async () =>
        (await eventsOf(id)).some(
          ({ type, data }) => type === outcome && data['command_id'] === answer.body.command_id,
        ),
      );
    }
    return answer.body;
  }

  const hears = (phone: TonePhone, tones: readonly number[]) =>
    eventually(
      `${phone.hz} hears ${tones.join(' and ') || 'nothing'}`,
      () => {
        const others = TONES.filter((hz) => !tones.includes(hz));
        if (phone.hears(tones, others)) return true;
        throw new Error(JSON.stringify(phone.shares(TONES)));
      },
      30_000,
    );

  it('a caller at an application is answered, bridged, held, muted, sent digits and INFO, moved, and hung up', async () => {
    const calling = alice.call(uriOf('3002'));
    const { id } = await rest.call(['ringing']);
    expect((await rest.get<Call>(`/v1/calls/${id}`)).target).toEqual({ kind: 'webhook', name: 'crm' });
    await command(id, 'answer');
    await calling;
    await rest.until(`/v1/calls/${id}`, ['in_progress']);

    await command(id, 'bridge', { to: bob.uri }, 'call.bridged');
    await hears(alice, [BOB_HZ]);
    await hears(bob, [ALICE_HZ]);

    await command(id, 'hold', undefined, 'call.held');
    await rest.until(`/v1/calls/${id}`, ['held']);
    await hears(alice, []);
    await hears(bob, []);
    await command(id, 'resume', undefined, 'call.resumed');
    await hears(alice, [BOB_HZ]);

    await command(id, 'mute', { leg: 'caller' }, 'call.muted');
    await hears(bob, []);
    await hears(alice, [BOB_HZ]);
    await command(id, 'unmute', { leg: 'caller' }, 'call.unmuted');
    await hears(bob, [ALICE_HZ]);

    await command(id, 'dtmf', { leg: 'callee', digits: '42#' }, 'dtmf.sent');
    await eventually('bob has the digits', () => bob.digits === '42#');

    const info = { leg: 'callee', content_type: 'application/x-screen-pop', body: 'customer 7' };
    await command(id, 'info', info, 'info.sent');
    expect(bob.requests('INFO').map(({ body }) => body)).toEqual(['customer 7']);

    const audit = await MediaAudit.open(media.sipPort);
    expect((await audit.objects()).length).toBeGreaterThanOrEqual(2);
    await command(id, 'move', { mode: 'direct' }, 'call.moved');
    await hears(alice, [BOB_HZ]);
    await hears(bob, [ALICE_HZ]);
    await eventually('nothing is left at the media server', async () => (await audit.objects()).length === 0);
    await audit.close();

    expect((await rest.post(`/v1/calls/${id}/mute`, { leg: 'caller' })).body).toMatchObject({
      code: 'call_not_anchored',
    });
    await command(id, 'move', { mode: 'anchored' }, 'call.moved');
    await hears(alice, [BOB_HZ]);

    expect((await rest.post(`/v1/calls/${id}/hangup`, { reason: 'closing time' })).status).toBe(202);
    await rest.until(`/v1/calls/${id}`, ['ended']);
    for (const phone of [alice, bob]) {
      const [bye] = phone.requests('BYE');
      expect(bye && headerOf(bye, 'reason')).toBe('Q.850;cause=16;text="closing time"');
    }
    expect((await eventsOf(id)).filter(({ type }) => type === 'call.ended')).toHaveLength(1);
    const { data } = await rest.get<{ data: Record<string, unknown>[] }>('/v1/cdrs');
    expect(data.filter(({ call_id }) => call_id === id)).toMatchObject([
      {
        direction: 'inbound',
        ended_reason: 'completed',
        target: { kind: 'webhook', name: 'crm' },
        parties: [{ role: 'caller' }, { role: 'callee', uri: bob.uri }],
      },
    ]);
  }, 180_000);

  it('a caller at an application is rejected with the status that it says', async () => {
    const calling = alice.call(uriOf('3002')).catch((error: Error) => error.message);
    const { id } = await rest.call(['ringing']);
    await command(id, 'reject', { status: 486 });
    expect(await calling).toContain('486');
    const ended = await rest.until<Call & { sip: object }>(`/v1/calls/${id}`, ['ended']);
    expect(ended).toMatchObject({ ended_reason: 'rejected', sip: { status: 486 } });
  }, 60_000);

  it('the parties of a direct call are held by re-INVITE and sent digits by INFO', async () => {
    const before = bob.requests('INVITE').length;
    await alice.call(uriOf('1000'));
    const { id } = await rest.call(['in_progress']);
    await hears(bob, [ALICE_HZ]);
    await command(id, 'dtmf', { leg: 'callee', digits: '7*' }, 'dtmf.sent');
    const relayed = bob.requests('INFO').slice(-2);
    expect(relayed.map((info) => headerOf(info, 'content-type'))).toEqual(
      Array.from({ length: 2 }, () => 'application/dtmf-relay'),
    );
    expect(relayed.map(({ body }) => body)).toEqual([
      'Signal=7\r\nDuration=100\r\n',
      'Signal=*\r\nDuration=100\r\n',
    ]);
    await command(id, 'hold', undefined, 'call.held');
    const [, held] = bob.requests('INVITE').slice(before);
    expect(held?.body).toContain('a=inactive');
    await alice.hangUp();
    await rest.until(`/v1/calls/${id}`, ['ended']);
  }, 60_000);

  it('mute and hold outlive the node that was killed', async () => {
    const asked = { from: 'sip:desk@example.com', to: [alice.uri, bob.uri], mode: 'anchored' };
    const { id } = (await rest.post<Call>('/v1/calls', asked)).body;
    await rest.until(`/v1/calls/${id}`, ['in_progress']);
    await hears(bob, [ALICE_HZ]);
    await command(id, 'mute', { leg: 'caller' }, 'call.muted');
    await hears(bob, []);
    await dieAndReturn();
    expect(await rest.get(`/v1/calls/${id}`)).toMatchObject({ state: 'in_progress', muted: ['caller'] });
    await hears(alice, [BOB_HZ]);
    await hears(bob, []);
    await command(id, 'hold', undefined, 'call.held');
    await hears(alice, []);
    await dieAndReturn();
    expect(await rest.get(`/v1/calls/${id}`)).toMatchObject({ state: 'held', muted: ['caller'] });
    await command(id, 'unmute', { leg: 'caller' }, 'call.unmuted');
    await command(id, 'resume', undefined, 'call.resumed');
    await hears(alice, [BOB_HZ]);
    await hears(bob, [ALICE_HZ]);
    await rest.post(`/v1/calls/${id}/hangup`);
    await rest.until(`/v1/calls/${id}`, ['ended']);
    const { data } = await rest.get<{ data: { call_id: string }[] }>('/v1/cdrs');
    expect(data.filter(({ call_id }) => call_id === id)).toHaveLength(1);
  }, 120_000);

  async function dieAndReturn(): Promise<void> {
    control.child.kill('SIGKILL');
    await control.child.exit();
    control = await startControlPlane(env);
    rest = new Rest(control.http);
  }
});
