import { StoreUnavailable } from '@legato/b2bua';
import { OPERATIONS } from '@legato/contracts';
import { currentCommand } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import request from 'supertest';
import { callId, FakeCallControl } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const UUID = '0192f0c1-5b7a-7cc1-8d0f-000000000001';
const body = { from: 'sip:a@b', to: ['sip:c@d'], mode: 'anchored' };

describe('a POST with an Idempotency-Key', () => {
  let test: TestApplication;
  let clock: FakeClock;
  const post = (key: string, content: object = body, path = '/v1/calls') =>
    request(test.app.getHttpServer()).post(path).set('Idempotency-Key', key).send(content);

  beforeEach(async () => {
    clock = new FakeClock();
    test = await testApplication({ clock });
  });
  afterEach(() => test.app.close());

  it('is carried out once: the copy gets the first answer and says so', async () => {
    const first = await post('k1');
    const copy = await post('k1');
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect([copy.status, copy.body, copy.headers['location']]).toEqual([
      202,
      first.body,
      first.headers['location'],
    ]);
    expect(copy.headers['idempotency-replayed']).toBe('true');
    expect(test.calls.asked).toHaveLength(1);
  });

  it('is 422 for another body or another address under the same key', async () => {
    await post('k1');
    for (const other of [
      post('k1', { ...body, from: 'sip:x@y' }),
      post('k1', {}, `/v1/calls/${callId(1)}/hangup`),
    ]) {
      const response = await other;
      expect(response.status).toBe(422);
      expect(JSON.parse(response.text)).toMatchObject({ code: 'idempotency_key_reused' });
    }
    expect(test.calls.asked).toHaveLength(1);
  });

  it('is 409 while the first is under way', async () => {
    let release: () => void = () => undefined;
    test.calls.pause = new Promise<void>((resolve) => (release = resolve));
    const first = post('k1').then((response) => response.status);
    while (test.calls.asked.length === 0) await new Promise(setImmediate);
    const early = await post('k1');
    expect(early.status).toBe(409);
    expect(JSON.parse(early.text)).toMatchObject({ code: 'idempotency_in_progress' });
    release();
    expect(await first).toBe(202);
    expect((await post('k1')).headers['idempotency-replayed']).toBe('true');
  });

  it('leaves the key free when it was refused', async () => {
    test.calls.refusal = { refused: 'unavailable', code: 'media_server_unavailable', detail: 'none' };
    expect((await post('k1')).status).toBe(503);
    clock.advance(2);
    expect((await post('k1', { nonsense: true })).status).toBe(422);
    clock.advance(2);
    test.calls.refusal = undefined;
    expect((await post('k1')).status).toBe(202);
  });

  it('is carried out again under the same command when nobody knows what became of it', async () => {
    test.calls.failure = new StoreUnavailable('redis is away');
    const seen: (string | undefined)[] = [];
    const real = new FakeCallControl();
    jest.spyOn(test.calls, 'originate').mockImplementation((command) => {
      seen.push(currentCommand()?.id);
      return test.calls.failure ? Promise.reject(test.calls.failure) : real.originate(command);
    });
    expect((await post('k1')).status).toBe(503);
    expect((await post('k1', { ...body, from: 'sip:x@y' })).status).toBe(422);
    test.calls.failure = undefined;
    expect((await post('k1')).status).toBe(202);
    expect((await post('k1')).headers['idempotency-replayed']).toBe('true');
    expect(seen[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen).toEqual([seen[0], seen[0]]);
  });

  it('is forgotten after a day', async () => {
    await post('k1');
    clock.advance(24 * 3_600_000 + 1_000);
    expect((await post('k1')).headers).not.toHaveProperty('idempotency-replayed');
    expect(test.calls.asked).toHaveLength(2);
  });

  it.each(['a b', 'x'.repeat(256), 'é'])('is 422 for a key that is none', async (key) => {
    const response = await post(key);
    expect(response.status).toBe(422);
    expect(JSON.parse(response.text)).toMatchObject({ errors: [{ header: 'Idempotency-Key' }] });
  });

  it('does not meet the same key of another client', async () => {
    await test.app.close();
    test = await testApplication({ apiKeys: ['one', 'two'] });
    await post('k1').set('Authorization', 'Bearer one');
    const other = await post('k1').set('Authorization', 'Bearer two');
    expect(other.headers).not.toHaveProperty('idempotency-replayed');
    expect(test.calls.asked).toHaveLength(2);
  });
});

const CHANGING = OPERATIONS.filter(({ method }) => method !== 'get').map(
  ({ id, method, path }) => [id, method as 'post' | 'put' | 'patch' | 'delete', path] as const,
);

describe('what changes something, with an Idempotency-Key', () => {
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());
  beforeAll(async () => {
    test = await testApplication();
  });
  afterAll(() => test.app.close());

  it.each(CHANGING)('%s is 422 when the key is none, whatever it is about', async (_id, method, path) => {
    const url = path.replaceAll(/\{\w+\}/g, 'x');
    const response = await http()[method](url).set('Idempotency-Key', 'a b').send({});
    expect(response.status).toBe(422);
    expect(JSON.parse(response.text)).toMatchObject({ errors: [{ header: 'Idempotency-Key' }] });
  });

  const flow = { name: 'Menu', start: 'a', steps: { a: { type: 'hangup' } } };
  const webhook = { url: 'https://app.example/events', events: ['call.ended'] };

  async function twice(method: 'put' | 'patch' | 'delete', url: string, body: object = {}) {
    const key = `${method}-${url}`.replaceAll('/', '-');
    const send = (content: object) => http()[method](url).set('Idempotency-Key', key).send(content);
    const [first, copy] = [await send(body), await send(body)];
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(copy.headers['idempotency-replayed']).toBe('true');
    expect([copy.status, copy.text, copy.headers['location']]).toEqual([
      first.status,
      first.text,
      first.headers['location'],
    ]);
    const other = await send({ ...body, other: 1 });
    expect([other.status, (JSON.parse(other.text) as { code: string }).code]).toEqual([
      422,
      'idempotency_key_reused',
    ]);
    return first.status;
  }

  it('is answered as the first time: PUT and DELETE of a flow', async () => {
    expect(await twice('put', '/v1/flows/menu', flow)).toBe(201);
    expect(await twice('delete', '/v1/flows/menu')).toBe(204);
  });

  it('is answered as the first time: PATCH and DELETE of a webhook', async () => {
    const made = await http().post('/v1/webhooks').send(webhook);
    const url = `/v1/webhooks/${(made.body as { id: string }).id}`;
    expect(await twice('patch', url, { events: ['call.queued'] })).toBe(200);
    expect(await twice('delete', url)).toBe(204);
  });

  it('is another request with another query', async () => {
    const url = `/v1/conferences/conf_${UUID}/participants/part_${UUID}`;
    const send = (query: string) => http().delete(`${url}${query}`).set('Idempotency-Key', 'kick');
    const first = await send('');
    const other = await send('?hang_up=false');
    expect([first.status, other.status]).toEqual([
      expect.any(Number),
      first.status < 300 ? 422 : first.status,
    ]);
  });

  it('does not find what it has removed itself before its process died', async () => {
    await http().put('/v1/flows/gone').send(flow);
    const remove = jest.spyOn(test.documents, 'remove');
    // The first attempt removes it, and nobody hears of that.
    const real = test.documents.remove.bind(test.documents);
    remove.mockImplementation(async (collection, id) => {
      remove.mockRestore();
      await real(collection, id);
      throw new StoreUnavailable('redis is away');
    });
    const send = () => http().delete('/v1/flows/gone').set('Idempotency-Key', 'gone');
    expect((await send()).status).toBe(503);
    expect((await send()).status).toBe(204);
    expect((await send()).headers['idempotency-replayed']).toBe('true');
    expect((await http().delete('/v1/flows/gone').set('Idempotency-Key', 'another')).status).toBe(404);
  });
});
