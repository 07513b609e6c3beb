import { StoreUnavailable } from '@legato/b2bua';
import { currentCommand } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import request from 'supertest';
import { callId, FakeCallControl } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

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
