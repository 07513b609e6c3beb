import { StoreUnavailable } from '@legato/b2bua';
import { apiKeyPageSchema, apiKeyWithTextSchema, OPERATIONS, SCOPES, scopeOf } from '@legato/contracts';
import type { Log } from '@legato/kernel';
import { randomIds, runAsCommand } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { callId } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';
import { ApiKeyRecords } from './api-key-records';
import { readKeysFile } from './configured-keys';

const ADMIN = 'the-admin-key';

describe('API keys', () => {
  let test: TestApplication;
  let clock: FakeClock;
  let lines: string[];
  const http = () => request(test.app.getHttpServer());
  const as = (key: string, method: string, path: string) => {
    const agent = http();
    const verb = method as 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head';
    return agent[verb](path).set('Authorization', `Bearer ${key}`);
  };
  const note = (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields }));
  const log: Log = { debug: note, info: note, warn: note, error: note };

  async function keyWith(scopes: readonly string[], more: object = {}): Promise<{ id: string; key: string }> {
    const response = await as(ADMIN, 'post', '/v1/api-keys').send({ name: 'a key', scopes, ...more });
    expect(response.status).toBe(201);
    const { id, key = '' } = apiKeyWithTextSchema.parse(response.body);
    expect(response.headers['location']).toBe(`/v1/api-keys/${id}`);
    return { id, key };
  }

  beforeEach(async () => {
    lines = [];
    clock = new FakeClock();
    test = await testApplication({ apiKeys: [ADMIN], clock, log });
  });
  afterEach(() => test.app.close());

  it('open what their scopes say, and nothing else', async () => {
    const { key } = await keyWith(['calls:read']);
    expect((await as(key, 'get', '/v1/calls')).status).toBe(200);
    expect((await as(key, 'head', '/v1/calls')).status).toBe(200);
    const refused = await as(key, 'post', `/v1/calls/${callId(1)}/hangup`);
    expect([refused.status, refused.headers['content-type']]).toEqual([403, 'application/problem+json']);
    expect(JSON.parse(refused.text)).toMatchObject({
      code: 'forbidden',
      detail: 'The operation needs the scope calls:write.',
    });
    expect(test.calls.asked.map(({ command }) => command)).toEqual(['listCalls', 'listCalls']);
  });

  it('are shown once, and neither kept nor logged', async () => {
    const response = await as(ADMIN, 'post', '/v1/api-keys')
      .set('Idempotency-Key', 'k1')
      .send({ name: 'mine', scopes: ['events:read'] });
    const { id, key = '' } = apiKeyWithTextSchema.parse(response.body);
    expect(key).toMatch(/^lgt_[A-Za-z0-9_-]{43}$/);
    const copy = await as(ADMIN, 'post', '/v1/api-keys')
      .set('Idempotency-Key', 'k1')
      .send({ name: 'mine', scopes: ['events:read'] });
    expect(copy.headers['idempotency-replayed']).toBe('true');
    expect(copy.body).toMatchObject({ id });
    const list = await as(ADMIN, 'get', '/v1/api-keys');
    expect(apiKeyPageSchema.parse(list.body).data).toMatchObject([
      { id, name: 'mine', scopes: ['events:read'] },
    ]);
    for (const text of [copy.text, list.text, ...lines]) expect(text).not.toContain(key);
  });

  it('are made once by a command that comes again after a crash', async () => {
    const records = new ApiKeyRecords(test.documents, randomIds, clock);
    const command = '0192f0c1-5b7a-7cc1-8d0f-000000000077';
    const create = () => runAsCommand(command, () => records.create({ name: 'x', scopes: ['calls:read'] }));
    const [first, second] = [await create(), await create()];
    expect(second?.apiKey.id).toBe(first?.apiKey.id);
    expect(await records.list()).toHaveLength(1);
    expect((await as(first?.key ?? '', 'get', '/v1/calls')).status).toBe(401);
    expect((await as(second?.key ?? '', 'get', '/v1/calls')).status).toBe(200);
  });

  it('open nothing once revoked or expired', async () => {
    const { id, key } = await keyWith(['calls:read']);
    const { key: short } = await keyWith(['calls:read'], { expires_in_s: 60 });
    for (const one of [key, short]) expect((await as(one, 'get', '/v1/calls')).status).toBe(200);
    clock.advance(61_000);
    expect((await as(short, 'get', '/v1/calls')).status).toBe(401);
    expect((await as(key, 'get', '/v1/calls')).status).toBe(200);
    expect((await as(ADMIN, 'delete', `/v1/api-keys/${id}`)).status).toBe(204);
    expect((await as(key, 'get', '/v1/calls')).status).toBe(401);
    const again = await as(ADMIN, 'delete', `/v1/api-keys/${id}`);
    expect([again.status, JSON.parse(again.text)]).toMatchObject([404, { code: 'api_key_not_found' }]);
  });

  it('hold while the store is away, and 503 where only the store could tell', async () => {
    const { key } = await keyWith(['calls:read']);
    const list = jest.spyOn(test.documents, 'list').mockRejectedValue(new StoreUnavailable('redis is away'));
    expect((await as(key, 'get', '/v1/calls')).status).toBe(503);
    expect((await as(ADMIN, 'get', '/v1/calls')).status).toBe(200);
    list.mockRestore();
    expect((await as(key, 'get', '/v1/calls')).status).toBe(200);
    clock.advance(2_000);
    jest.spyOn(test.documents, 'list').mockRejectedValue(new StoreUnavailable('redis is away'));
    expect((await as(key, 'get', '/v1/calls')).status).toBe(200);
  });

  it.each([
    {},
    { name: '', scopes: ['calls:read'] },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['calls:everything'] },
    { name: 'x\ny', scopes: ['calls:read'] },
    { name: 'x', scopes: ['calls:read'], key: 'mine' },
  ])('are not made of %j', async (body) => {
    expect((await as(ADMIN, 'post', '/v1/api-keys').send(body)).status).toBe(422);
  });

  describe('for each operation', () => {
    const path = (pattern: string) => pattern.replace('{aor}', 'sip:a@b').replaceAll(/\{\w+\}/g, callId(1));
    const guarded = OPERATIONS.filter((operation) => scopeOf(operation) !== undefined);

    it('the scope lets in', async () => {
      const keys = new Map<string, string>();
      for (const scope of SCOPES) keys.set(scope, (await keyWith([scope])).key);
      for (const operation of guarded) {
        const method = operation.id === 'streamEvents' ? 'head' : operation.method;
        const response = await as(keys.get(scopeOf(operation) ?? '') ?? '', method, path(operation.path));
        expect({ id: operation.id, refused: [401, 403].includes(response.status) }).toEqual({
          id: operation.id,
          refused: false,
        });
      }
    });

    it('all other scopes together do not', async () => {
      for (const scope of new Set(guarded.map(scopeOf))) {
        const { key } = await keyWith(SCOPES.filter((other) => other !== scope && other !== 'admin'));
        for (const operation of guarded.filter((one) => scopeOf(one) === scope)) {
          const method = operation.id === 'streamEvents' ? 'head' : operation.method;
          const response = await as(key, method, path(operation.path));
          expect({ id: operation.id, status: response.status }).toEqual({ id: operation.id, status: 403 });
        }
      }
      expect(test.calls.asked).toEqual([]);
    });

    it('no scope is asked for what only describes the interface', async () => {
      const { key } = await keyWith(['events:read']);
      for (const one of ['/v1/openapi.json', '/v1/asyncapi.json', '/docs', '/healthz']) {
        expect((await as(key, 'get', one)).status).toBe(200);
      }
    });
  });

  it('are limited in their rate, each by itself', async () => {
    await test.app.close();
    test = await testApplication({ apiKeys: [ADMIN, 'another'], apiRate: 3 });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await as(ADMIN, 'get', '/v1/calls')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    const refused = await as(ADMIN, 'get', '/v1/events');
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([429, { code: 'rate_limited' }]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await as('another', 'get', '/v1/calls')).status).toBe(200);
    expect((await http().get('/healthz')).status).toBe(200);
  });
});

describe('a keys file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-keys-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (content: unknown) => {
    const file = join(folder, 'keys.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readKeysFile(file);
  };

  it('names keys by themselves or by their hash', () => {
    const sha256 = createHash('sha256').update('canary').digest('hex');
    const keys = read({
      keys: [
        { name: 'a', key: 'canary', scopes: ['calls:read'] },
        { name: 'b', sha256, scopes: ['admin'] },
      ],
    });
    if (!keys.ok) throw new Error(keys.error);
    expect(keys.value.map(({ name, scopes, hash }) => [name, scopes, hash.toString('hex')])).toEqual([
      ['a', ['calls:read'], sha256],
      ['b', ['admin'], sha256],
    ]);
  });

  it.each([
    [
      { keys: [{ name: 'a', key: 'canary', scopes: ['x'] }] },
      '/keys/0/scopes/0: expected a scope of docs/rest.md',
    ],
    [{ keys: [{ name: 'a', scopes: ['admin'] }] }, '/keys/0: expected either key or sha256'],
    [{ keys: [{ name: 'a', key: 'can ary', scopes: ['admin'] }] }, 'expected printable ASCII'],
    ['{"keys": canary', 'not well-formed JSON'],
  ])('says where %j is wrong, and shows no key', (content, expected) => {
    const outcome = read(content);
    const error = outcome.ok ? '' : outcome.error;
    expect(error).toContain(expected);
    expect(error).not.toMatch(/can ?ary/);
  });
});
