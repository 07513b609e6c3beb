import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer, workerPort } from '@legato/testing';
import { type ControlPlane, startControlPlane } from './support/apps';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { WebhookReceiver } from './support/webhook-receiver';
import { answerTo, WirePeer } from './support/wire-peer';

interface Webhook {
  readonly id: string;
  readonly secret: string;
  readonly state: string;
}

interface Delivery {
  readonly id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly subject: string;
  readonly state: string;
  readonly attempts: number;
}

const SECRET_KEY = 'canary-operator-key-of-this-test';

/** A control plane over a real Redis, a receiver that comes and goes, and a callee that is always busy. */
describe('webhooks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-webhooks-'));
  let redis: RedisServer;
  let control: ControlPlane;
  let rest: Rest;
  let busy: WirePeer;
  let receiver: WebhookReceiver;
  let webhook: Webhook;
  let env: Record<string, string>;
  const lines: string[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start({ args: ['--rdbcompression', 'no'] });
    receiver = new WebhookReceiver(await workerPort());
    env = {
      LEGATO_SIP_PORT: String(await workerPort()),
      LEGATO_HTTP_PORT: String(await workerPort()),
      LEGATO_NODE_ID: 'node-under-test',
      LEGATO_REDIS_URL: redis.url,
      LEGATO_WEBHOOK_ALLOW: '127.0.0.1',
      LEGATO_SECRET_KEY: SECRET_KEY,
    };
    await start();
    busy = await WirePeer.open(control.sipPort);
    busy.onRequest = (request) => (request.method === 'INVITE' ? answerTo(request, 486) : undefined);
    webhook = (await rest.post<Webhook>('/v1/webhooks', { url: receiver.url, events: ['call.*'] })).body;
    receiver.secret = webhook.secret;
  }, 60_000);

  afterAll(async () => {
    await control?.child.stop();
    await busy?.close();
    await receiver?.down();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  beforeEach(async () => {
    receiver.answer = () => 204;
    receiver.received.length = 0;
    await receiver.up();
  });
  afterEach(() => receiver.down());

  async function start(): Promise<void> {
    control = await startControlPlane(env);
    rest = new Rest(control.http);
  }

  async function killed(): Promise<void> {
    lines.push(...control.child.lines);
    control.child.kill('SIGKILL');
    await control.child.exit();
  }

  /** Calls that the callee refuses: two events each, call.queued and call.ended. */
  async function calls(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const body = { from: 'sip:alice@example.com', to: [busy.uri, busy.uri], mode: 'direct' };
      ids.push((await rest.post<{ id: string }>('/v1/calls', body)).body.id);
    }
    for (const id of ids) await rest.until(`/v1/calls/${id}`, ['ended']);
    return ids;
  }

  function expectWhole(delivered: Map<string, { type: string; sequence: number }[]>): void {
    for (const [subject, events] of delivered) {
      const sequences = events.map(({ sequence }) => sequence);
      expect({ subject, sequences }).toEqual({ subject, sequences: sequences.map((_, index) => index + 1) });
      expect(events[0]?.type).toBe('call.queued');
    }
    expect(receiver.forged).toBe(0);
  }

  const deliveries = async (query = ''): Promise<Delivery[]> =>
    (await rest.get<{ data: Delivery[] }>(`/v1/webhooks/${webhook.id}/deliveries?limit=100${query}`)).data;

  it('bring every event once, signed, in the order of each call', async () => {
    const ids = await calls(10);
    expectWhole(await receiver.all(ids, 'call.ended'));
    expect(receiver.received.length).toBe(new Set(receiver.received.map(({ id }) => id)).size);
    await eventually('all are booked', async () =>
      (await deliveries()).every(({ state, attempts }) => state === 'delivered' && attempts === 1),
    );
  });

  it('lose nothing while the receiver is down, and keep the order', async () => {
    await receiver.down();
    const ids = await calls(10);
    await eventually('a delivery has failed', async () => (await deliveries('&state=retrying')).length > 0);
    await receiver.up();
    expectWhole(await receiver.all(ids, 'call.ended'));
  });

  it('lose nothing while the receiver fails now and then', async () => {
    let count = 0;
    receiver.answer = () => ((count += 1) % 3 === 0 ? 500 : 204);
    const ids = await calls(5);
    expectWhole(await receiver.all(ids, 'call.ended'));
  });

  it('outlive kill -9 of the control plane between event and delivery', async () => {
    await receiver.down();
    const ids = await calls(5);
    await killed();
    await receiver.up();
    await start();
    expectWhole(await receiver.all(ids, 'call.ended'));
  });

  it('outlive kill -9 while a request is on its way: it comes again under its id', async () => {
    receiver.answer = () => undefined;
    const [id = ''] = await calls(1);
    const first = await eventually('the request arrives', () => receiver.received[0]);
    await killed();
    receiver.answer = () => 204;
    await start();
    expectWhole(await receiver.all([id], 'call.ended', 60_000));
    expect(receiver.received.filter((event) => event.id === first.id).length).toBeGreaterThanOrEqual(2);
  }, 90_000);

  it('go on with what was open when Redis is lost for a moment', async () => {
    const before = await calls(2);
    await receiver.all(before, 'call.ended');
    await redis.command('CLIENT', 'KILL', 'TYPE', 'normal');
    const ids = await eventually('calls can be made', async () => calls(3).catch(() => undefined));
    expectWhole(await receiver.all(ids, 'call.ended'));
  });

  it('are taken over by another node when the one that delivers dies', async () => {
    await receiver.down();
    const second = await startControlPlane({
      ...env,
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_PORT: '0',
      LEGATO_NODE_ID: 'another-node',
    });
    try {
      const ids = await calls(3);
      await killed();
      await receiver.up();
      expectWhole(await receiver.all(ids, 'call.ended', 60_000));
    } finally {
      await second.child.stop();
      await start();
    }
  }, 120_000);

  it('redeliver under the same event id', async () => {
    const [id = ''] = await calls(1);
    await receiver.all([id], 'call.ended');
    const delivery = await eventually('it is booked', async () =>
      (await deliveries('&state=delivered')).find(
        ({ subject, event_type }) => subject === id && event_type === 'call.ended',
      ),
    );
    const path = `/v1/webhooks/${webhook.id}/deliveries/${delivery.id}/redeliver`;
    const asked = await rest.post<Delivery & { redelivery_of: string }>(path);
    expect([asked.status, asked.body.redelivery_of]).toEqual([202, delivery.id]);
    await eventually(
      'it comes again',
      () => receiver.received.filter((event) => event.id === delivery.event_id).length === 2,
    );
  });

  it('are disabled by 410, and go on where they stood', async () => {
    receiver.answer = () => 410;
    const ids = await calls(3);
    const { id } = webhook;
    await eventually(
      'it is disabled',
      async () => (await rest.get<Webhook>(`/v1/webhooks/${id}`)).state === 'disabled',
    );
    const { data } = await rest.get<{ data: { type: string; subject: string }[] }>('/v1/events?limit=1000');
    expect(data.filter((event) => event.type === 'webhook.disabled' && event.subject === id)).toHaveLength(1);
    receiver.answer = () => 204;
    receiver.received.length = 0;
    const more = await calls(2);
    expect(receiver.received).toEqual([]);
    const response = await fetch(`${control.http}/v1/webhooks/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"state":"active"}',
    });
    expect(response.status).toBe(200);
    expectWhole(await receiver.all(more, 'call.ended'));
    await receiver.all(ids, 'call.ended');
  });

  it('leave their secrets in no log and not in Redis, and no key there for ever', async () => {
    const asked = await fetch(`${control.http}/v1/api-keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'the-key' },
      body: JSON.stringify({ name: 'canary', scopes: ['calls:read'] }),
    });
    const { id, key } = (await asked.json()) as { id: string; key: string };
    await redis.command('SAVE');
    const [, dir = ''] = (await redis.command('CONFIG', 'GET', 'dir')) as string[];
    const dump = readFileSync(join(dir, 'dump.rdb'), 'latin1');
    for (const shown of [webhook.id, id]) expect(dump).toContain(shown);
    const output = [...lines, ...control.child.lines].join('\n');
    for (const canary of [webhook.secret.slice('whsec_'.length), SECRET_KEY, key]) {
      expect(dump).not.toContain(canary);
      expect(output).not.toContain(canary);
    }
    expect(await rest.metric('legato_webhook_attempts_total{outcome="delivered"}')).toBeGreaterThan(0);
    await control.child.stop();
    const immortal = (await redis.keys()).filter(({ ttlMs }) => ttlMs <= 0);
    expect(immortal).toEqual([]);
  });
});
