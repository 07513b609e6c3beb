import { OPERATIONS } from '@legato/contracts';
import { createLogger } from '@legato/observability';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { matching } from '../api-keys/api-key';
import type { ApiKey } from '../api-keys/api-key';
import { hashOf } from '../api-keys/api-key';
import { callId, callView } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const call = { from: 'sip:alice@example.com', to: ['sip:bob@example.com'], mode: 'anchored' };

describe('REST that means no good', () => {
  let test: TestApplication;
  const output: string[] = [];
  const http = () => request(test.app.getHttpServer());

  /** A request as it is, which no client library puts right; the status of its answer. */
  const raw = (
    path: string,
    headers: Record<string, string | string[]> = {},
  ): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const { port } = test.app.getHttpServer().address() as AddressInfo;
      const asked = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on('error', reject);
      asked.end();
    });

  beforeAll(async () => {
    const log = createLogger({
      level: 'debug',
      name: 'spec',
      destination: { write: (line: string) => void output.push(line) },
    });
    test = await testApplication({ log });
  });
  afterAll(() => test.app.close());
  beforeEach(() => {
    test.calls.asked.length = 0;
    test.calls.failure = undefined;
    output.length = 0;
  });

  describe('pollutes no prototype', () => {
    it.each([
      ['__proto__ at the top', '{"from":"sip:a@b","to":["sip:c@d"],"__proto__":{"polluted":1}}'],
      [
        'constructor at the top',
        '{"from":"sip:a@b","to":["sip:c@d"],"constructor":{"prototype":{"polluted":1}}}',
      ],
      [
        '__proto__ inside',
        '{"from":"sip:a@b","to":["sip:c@d"],"record":{"channels":"mono","__proto__":{"polluted":1}}}',
      ],
      ['__proto__ as the whole', '{"__proto__":{"from":"sip:a@b","to":["sip:c@d"]}}'],
      ['an array for an object', '[{"__proto__":{"polluted":1}}]'],
    ])('by %s of a body', async (_what, body) => {
      const response = await http().post('/v1/calls').set('Content-Type', 'application/json').send(body);
      expect(response.status).toBe(422);
      expect(test.calls.asked).toEqual([]);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });

    it.each([
      'a[__proto__][polluted]=1',
      '__proto__[polluted]=1',
      'constructor[prototype][polluted]=1',
      '__proto__.polluted=1',
    ])('by the query %s', async (query) => {
      expect((await http().get(`/v1/calls?${query}`)).status).toBe(422);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });

    it('by metadata, whose names are the client own', async () => {
      const metadata = '{"__proto__":"x","constructor":"y"}';
      const body = `{"from":"sip:a@b","to":["sip:c@d"],"mode":"anchored","metadata":${metadata}}`;
      const response = await http().post('/v1/calls').set('Content-Type', 'application/json').send(body);
      expect([202, 422]).toContain(response.status);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    });
  });

  describe('leaves its folder nowhere', () => {
    const withId = OPERATIONS.filter(({ path, open }) => path.includes('{id}') && !open);

    it.each([
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '%2fetc%2fpasswd',
      'x%2f..%2f..%2fy',
      'rec_%00',
      'x'.repeat(300),
      '..%5c..%5cetc',
      '%2e%2e',
      'rec_0192f0c1-5b7a-7cc1-8d0f-000000000001.wav',
      '..%252f..%252fetc',
    ])('an id of %s names nothing', async (id) => {
      for (const { method, path } of withId) {
        const address = path.replace('{id}', id).replaceAll(/\{\w+\}/g, 'x');
        const { status } = await http()[method](address);
        expect({ method, path, refused: [400, 404, 405, 422].includes(status) }).toEqual({
          method,
          path,
          refused: true,
        });
      }
      expect(test.calls.asked).toEqual([]);
    });
  });

  describe('gets nothing into SIP or MSML', () => {
    it.each([
      ['from', 'sip:a@b>\r\nX-Evil: 1'],
      ['from', 'sip:a@b%0d%0aX-Evil:%201'],
      ['from', '"a\r\nRoute: <sip:evil;lr>" <sip:a@b>'],
      ['from', 'sip:a\u0085@b'],
      ['from', 'sip:a\u2028@b'],
      ['from', 'sip:a\u010d\u010a@b'],
      ['metadata', { note: 'a\r\nb' }],
      ['metadata', { note: '\u010d\u010aX-Evil: 1' }],
      ['metadata', { 'a\nb': 'x' }],
    ])('by %s %j', async (field, value) => {
      const response = await http()
        .post('/v1/calls')
        .send({ ...call, [field]: value });
      expect(response.status).toBe(422);
      expect(test.calls.asked).toEqual([]);
    });

    it.each([
      'x"/><send target="conf:other" event="terminate"/>',
      ']]><send/>',
      '../../etc/passwd',
      '/etc/passwd',
      'a\u0000.wav',
      'x'.repeat(300),
    ])('by the prompt %j', async (file) => {
      test.calls.add(callView(1, { state: 'in_progress' }));
      const response = await http()
        .post(`/v1/calls/${callId(1)}/plays`)
        .send({ sources: [{ file }] });
      expect(response.status).toBe(422);
    });
  });

  describe('forges no line of the log', () => {
    const evil = '%0a{"level":"error","msg":"forged"}%1b[2J%e2%80%a8%c2%85';

    it('by a path or a header', async () => {
      test.calls.failure = new Error('a fault\n{"level":"error","msg":"forged"}\u001b[2J\u2028');
      const answer = await raw(`/v1/calls?limit=1&cursor=x`, {
        'user-agent': '{"level":"error"}',
        'x-evil': '{"level":"error"}',
      });
      expect(answer.status).toBe(500);
      await raw(`/v1/calls/${evil}`);
      const lines = output
        .join('')
        .split('\n')
        .filter((line) => line !== '');
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(JSON.parse(line)).toMatchObject({ name: 'spec' });
      }
      expect(lines.filter((line) => (JSON.parse(line) as { msg: string }).msg === 'forged')).toEqual([]);
    });

    it('by a header of a megabyte', async () => {
      const answer = await raw('/v1/calls', { 'x-evil': 'x'.repeat(1024 * 1024) }).catch(() => ({
        status: 431,
      }));
      expect(answer.status).toBe(431);
      expect(Math.max(0, ...output.map((line) => line.length))).toBeLessThan(20_000);
    });
  });

  it('learns nothing about a key by the time it takes: each is compared, whichever fits', () => {
    const compared: string[] = [];
    const key = (name: string): ApiKey => ({
      id: name,
      name,
      scopes: [],
      get hash() {
        compared.push(name);
        return hashOf(name);
      },
    });
    const keys = ['first', 'second', 'third'].map(key);
    for (const presented of ['first', 'third', 'nobody']) {
      compared.length = 0;
      expect(matching(keys, hashOf(presented))?.id).toBe(presented === 'nobody' ? undefined : presented);
      expect(compared).toEqual(['first', 'second', 'third']);
    }
  });

  it('gets no secret into the log that it sends', async () => {
    test.calls.failure = new Error('canary-0 in the message is ours');
    await http()
      .post('/v1/calls?api_key=canary-1')
      .set('Authorization', 'Bearer canary-2')
      .set('Cookie', 'session=canary-3')
      .set('X-Api-Key', 'canary-4')
      .send({ ...call, metadata: { note: 'canary-5' } });
    await raw('/v1/calls', { authorization: 'Bearer canary-6' });
    expect(output.join('')).toContain('canary-0');
    expect(output.join('')).not.toMatch(/canary-[1-9]/);
  });
});
