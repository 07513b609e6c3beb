import type { CallEvent } from '@legato/b2bua';
import {
  deliveryPageSchema,
  deliverySchema,
  webhookPageSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from '@legato/contracts';
import type { DeliveryDocument } from '@legato/contracts';
import type { Log } from '@legato/kernel';
import { runAsCommand } from '@legato/kernel';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { Webhook as Verifier } from 'standardwebhooks';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const uuid = (n: number) => `0192f0c1-5b7a-7cc1-8d0f-${String(n).padStart(12, '0')}`;

const event = (n: number, subject = 'call_a', type = 'call.held'): CallEvent => ({
  id: `evt_${uuid(n)}`,
  type,
  subject,
  time: '2026-11-21T02:30:00.000Z',
  sequence: n,
  data: { call_id: subject },
});

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly id: string;
}

/** A receiver whose answers are set by the test. */
class Receiver {
  readonly received: Received[] = [];
  answer: (one: Received) => number = () => 204;
  private readonly server: Server;
  private wake: () => void = () => undefined;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = request.headers as Record<string, string>;
        const one = { headers, body: Buffer.concat(chunks).toString(), id: headers['webhook-id'] ?? '' };
        this.received.push(one);
        response.writeHead(this.answer(one)).end();
        this.wake();
      });
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  async count(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.received;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('webhooks', () => {
  let test: TestApplication;
  let receiver: Receiver;
  let lines: string[];
  const http = () => request(test.app.getHttpServer());
  const note = (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields }));
  const log: Log = { debug: note, info: note, warn: note, error: note };

  beforeEach(async () => {
    lines = [];
    receiver = new Receiver();
    await receiver.open();
    test = await testApplication({ log });
    test.webhooks.dispatcher.start();
  });
  afterEach(async () => {
    await test.webhooks.stop();
    await test.app.close();
    await receiver.close();
  });

  async function created(body: object = {}): Promise<{ id: string; secret: string }> {
    const response = await http()
      .post('/v1/webhooks')
      .send({ url: receiver.url, ...body });
    expect(response.status).toBe(201);
    const { id, secret = '' } = webhookWithSecretSchema.parse(response.body);
    expect(response.headers['location']).toBe(`/v1/webhooks/${id}`);
    return { id, secret };
  }

  async function deliveries(id: string): Promise<DeliveryDocument[]> {
    return deliveryPageSchema.parse((await http().get(`/v1/webhooks/${id}/deliveries`)).body).data;
  }

  async function settled(id: string, states: readonly string[]): Promise<DeliveryDocument[]> {
    for (;;) {
      const all = await deliveries(id);
      if (all.length > 0 && all.every(({ state }) => states.includes(state))) return all;
      await new Promise(setImmediate);
    }
  }

  it('deliver what happens from now on, signed by Standard Webhooks', async () => {
    await test.events.append([event(1)]);
    const { id, secret } = await created();
    await test.events.append([event(2)]);
    const [one] = await receiver.count(1);
    if (!one) throw new Error('nothing came');
    expect(one.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': event(2).id });
    expect(new Verifier(secret).verify(one.body, one.headers)).toMatchObject({
      ...event(2),
      specversion: '1.0',
    });
    const altered = () => new Verifier(secret).verify(one.body.replace('call_a', 'call_b'), one.headers);
    expect(altered).toThrow('No matching signature found');
    const replayed = {
      ...one.headers,
      'webhook-timestamp': String(Number(one.headers['webhook-timestamp']) - 301),
    };
    expect(() => new Verifier(secret).verify(one.body, replayed)).toThrow('Message timestamp too old');
    expect(await settled(id, ['delivered'])).toMatchObject([
      { event_id: event(2).id, event_type: 'call.held', attempts: 1, last_attempt: { status: 204 } },
    ]);
  });

  it('deliver what was before when they are given a cursor', async () => {
    await test.events.append([event(1), event(2)]);
    await created({ cursor: '' });
    expect((await receiver.count(2)).map(({ id }) => id)).toEqual([event(1).id, event(2).id]);
  });

  it('deliver what they select', async () => {
    await created({ events: ['recording.*', 'call.ended'] });
    await test.events.append([
      event(1),
      event(2, 'call_a', 'recording.started'),
      event(3, 'call_a', 'call.ended'),
      event(4, 'call_a', 'node.up'),
    ]);
    await receiver.count(2);
    await test.events.append([event(5, 'call_a', 'recording.failed')]);
    const all = await receiver.count(3);
    expect(all.map(({ id }) => id)).toEqual([event(2).id, event(3).id, event(5).id]);
  });

  it('keep the order of each subject while the receiver refuses, and lose nothing', async () => {
    const refusals = new Map<string, number>();
    receiver.answer = ({ id }) => {
      refusals.set(id, (refusals.get(id) ?? 0) + 1);
      return id === event(1).id && refusals.get(id) === 1 ? 500 : 204;
    };
    const { id } = await created();
    await test.events.append([event(1), event(2), event(1001, 'call_b'), event(3), event(1002, 'call_b')]);
    const all = await receiver.count(6);
    const of = (subject: string) =>
      all.filter(({ body }) => body.includes(`"subject":"${subject}"`)).map((one) => one.id);
    expect(of('call_a')).toEqual([event(1).id, event(1).id, event(2).id, event(3).id]);
    expect(of('call_b')).toEqual([event(1001).id, event(1002).id]);
    await settled(id, ['delivered']);
  });

  it('give up after the last attempt, and go on with the next event', async () => {
    receiver.answer = (one) => (one.id === event(1).id ? 500 : 204);
    const { id } = await created();
    await test.events.append([event(1), event(2)]);
    await receiver.count(4);
    expect(await settled(id, ['delivered', 'dead'])).toMatchObject([
      { event_id: event(2).id, state: 'delivered', attempts: 1 },
      {
        event_id: event(1).id,
        state: 'dead',
        attempts: 3,
        last_attempt: { status: 500, error: 'The receiver answered 500.' },
      },
    ]);
    const dead = await http().get(`/v1/webhooks/${id}/deliveries?state=dead&limit=1`);
    expect(dead.body).toMatchObject({ data: [{ event_id: event(1).id }], has_more: false });
  });

  it('are disabled by 410, which the log tells of, and go on when they are active again', async () => {
    receiver.answer = () => 410;
    const { id } = await created({ events: ['call.*'] });
    await test.events.append([event(1), event(2)]);
    await receiver.count(1);
    let state = '';
    while (state !== 'disabled') {
      const webhook = webhookSchema.parse((await http().get(`/v1/webhooks/${id}`)).body);
      state = webhook.state;
      if (state === 'disabled') expect(webhook.disabled_reason).toBe('gone');
    }
    const logged = async () => (await test.events.read('', 10)).events.map(({ type }) => type);
    while (!(await logged()).includes('webhook.disabled')) await new Promise(setImmediate);
    expect(receiver.received).toHaveLength(1);
    const refused = await http().post(`/v1/webhooks/${id}/test`);
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([409, { code: 'webhook_disabled' }]);
    receiver.answer = () => 204;
    const patched = await http().patch(`/v1/webhooks/${id}`).send({ state: 'active' });
    expect(webhookSchema.parse(patched.body)).not.toHaveProperty('disabled_reason');
    const all = await receiver.count(2);
    expect(all.map((one) => one.id)).toEqual([event(1).id, event(2).id]);
  });

  it('sign with the old secret too until its time is over', async () => {
    const { id, secret } = await created();
    const rotated = await http().post(`/v1/webhooks/${id}/rotate-secret`).send({ grace_s: 3600 });
    const { secret: newer = '', secrets } = webhookWithSecretSchema.parse(rotated.body);
    expect(newer).not.toBe(secret);
    expect(secrets.map(({ expires_at }) => expires_at === undefined)).toEqual([true, false]);
    await test.events.append([event(1)]);
    const [first] = await receiver.count(1);
    for (const one of [secret, newer]) new Verifier(one).verify(first?.body ?? '', first?.headers ?? {});
    const again = await http().post(`/v1/webhooks/${id}/rotate-secret`).send({ grace_s: 0 });
    const { secret: newest = '' } = webhookWithSecretSchema.parse(again.body);
    await test.events.append([event(2)]);
    const [, second] = await receiver.count(2);
    new Verifier(newest).verify(second?.body ?? '', second?.headers ?? {});
    expect(() => new Verifier(secret).verify(second?.body ?? '', second?.headers ?? {})).toThrow(
      'No matching',
    );
    expect(() => new Verifier(newer).verify(second?.body ?? '', second?.headers ?? {})).toThrow(
      'No matching',
    );
  });

  it('show a secret once and log it never', async () => {
    const { id, secret } = await created();
    const shown = [
      await http().get(`/v1/webhooks/${id}`),
      await http().get('/v1/webhooks'),
      await http().patch(`/v1/webhooks/${id}`).send({ description: 'mine' }),
    ];
    expect(webhookPageSchema.parse(shown[1]?.body).data).toHaveLength(1);
    receiver.answer = () => 500;
    await test.events.append([event(1)]);
    await settled(id, ['dead']);
    for (const text of [...shown.map(({ text }) => text), ...lines])
      expect(text).not.toContain(secret.slice(6));
    expect(lines.join('\n')).toContain('webhook delivery failed');
  });

  it('deliver a test, to nobody else', async () => {
    const { id, secret } = await created();
    const other = await created();
    const asked = await http().post(`/v1/webhooks/${id}/test`);
    expect(asked.status).toBe(202);
    expect(deliverySchema.parse(asked.body)).toMatchObject({
      webhook_id: id,
      event_type: 'webhook.test',
      state: 'queued',
    });
    const [one] = await receiver.count(1);
    const body = new Verifier(secret).verify(one?.body ?? '', one?.headers ?? {});
    expect(body).toMatchObject({ type: 'webhook.test', subject: id, data: { webhook_id: id } });
    await settled(id, ['delivered']);
    expect(await deliveries(other.id)).toEqual([]);
  });

  it('redeliver an event under its own id', async () => {
    const { id } = await created();
    await test.events.append([event(1)]);
    const [first] = await settled(id, ['delivered']);
    const asked = await http().post(`/v1/webhooks/${id}/deliveries/${first?.id}/redeliver`);
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ event_id: event(1).id, redelivery_of: first?.id });
    const [one, two] = await receiver.count(2);
    expect(two?.id).toBe(one?.id);
    const unknown = await http().post(`/v1/webhooks/${id}/deliveries/dlv_${uuid(99)}/redeliver`);
    expect(JSON.parse(unknown.text)).toMatchObject({ code: 'delivery_not_found' });
  });

  it('are removed with their deliveries', async () => {
    const { id } = await created();
    expect((await http().delete(`/v1/webhooks/${id}`)).status).toBe(204);
    await test.events.append([event(1)]);
    for (const answer of [
      await http().delete(`/v1/webhooks/${id}`),
      await http().get(`/v1/webhooks/${id}`),
      await http().patch(`/v1/webhooks/${id}`).send({}),
      await http().post(`/v1/webhooks/${id}/rotate-secret`),
      await http().get(`/v1/webhooks/${id}/deliveries`),
      await http().get('/v1/webhooks/whk_x'),
    ]) {
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([404, { code: 'webhook_not_found' }]);
    }
    expect(receiver.received).toEqual([]);
  });

  it.each([
    ['http://10.0.0.1/', 'is not a public address'],
    ['http://0x7f000002/', 'is not a public address'],
    ['http://[::ffff:10.0.0.1]/', 'is not a public address'],
    ['http://0/', 'is not a public address'],
    ['file:///etc/passwd', 'expected an https: or http: URL'],
    ['gopher://example.com/', 'expected an https: or http: URL'],
    ['http://user:canary@example.com/', 'must not carry a user name or a password'],
    ['nonsense', 'expected a URL of at most 2,048 characters'],
  ])('refuse %s by JSON pointer', async (url, detail) => {
    const made = await http().post('/v1/webhooks').send({ url });
    expect([made.status, JSON.parse(made.text)]).toMatchObject([
      422,
      { errors: [{ pointer: '/url', detail }] },
    ]);
    const { id } = await created();
    expect((await http().patch(`/v1/webhooks/${id}`).send({ url })).status).toBe(422);
  });

  it.each([
    { events: [] },
    { events: ['call'] },
    { events: ['nothing.*'] },
    { events: ['call.nothing'] },
    { url: 5 },
    { description: 'a\nb' },
    { secret: 'whsec_mine' },
    { cursor: 'a b' },
  ])('refuse %j', async (body) => {
    expect(
      (
        await http()
          .post('/v1/webhooks')
          .send({ url: receiver.url, ...body })
      ).status,
    ).toBe(422);
  });

  it('are made once by a command that comes again after a crash', async () => {
    const { webhooks } = test.webhooks;
    const command = uuid(77);
    const create = () =>
      runAsCommand(command, () => webhooks.create({ url: receiver.url, events: ['call.*'] }));
    const first = await create();
    expect(await create()).toEqual(first);
    expect(first?.secret).toMatch(/^whsec_/);
    const id = first?.webhook.id ?? '';
    for (let n = 0; n < 2; n += 1) await runAsCommand(uuid(78), () => webhooks.test(id));
    await settled(id, ['delivered']);
    expect(receiver.received).toHaveLength(1);
  });

  it('are a hundred at most', async () => {
    for (let n = 0; n < 100; n += 1)
      await test.webhooks.webhooks.create({ url: 'https://example.com/', events: ['call.*'] });
    const response = await http().post('/v1/webhooks').send({ url: receiver.url });
    expect([response.status, JSON.parse(response.text)]).toMatchObject([409, { code: 'limit_reached' }]);
  });
});
