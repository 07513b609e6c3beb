import { StoreUnavailable } from '@legato/b2bua';
import {
  callPageSchema,
  callSchema,
  OPERATIONS,
  problemSchema,
  recordingPageSchema,
  recordingSchema,
} from '@legato/contracts';
import type { Problem } from '@legato/contracts';
import type { Log } from '@legato/kernel';
import request from 'supertest';
import { callId, callView, recordingId, recordingView } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const valid = {
  from: 'sip:alice@example.com',
  to: ['sip:bob@example.com', 'sip:carol@example.com'],
  mode: 'direct',
};

describe('the REST interface', () => {
  let test: TestApplication;
  const logged: unknown[] = [];
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => logged.push({ message, ...fields }),
  };
  const http = () => request(test.app.getHttpServer());

  beforeAll(async () => {
    test = await testApplication({ log });
  });
  afterAll(() => test.app.close());
  beforeEach(() => {
    test.calls.calls.clear();
    test.calls.recordings.clear();
    test.calls.asked.length = 0;
    test.calls.refusal = undefined;
    test.calls.failure = undefined;
    test.admission.open = true;
    logged.length = 0;
  });

  function expectProblem(response: request.Response, status: number, code: string): Problem {
    expect(response.headers['content-type']).toBe('application/problem+json');
    const problem = problemSchema.parse(JSON.parse(response.text));
    expect(problem).toMatchObject({ status, code, type: `urn:legato:error:${code}` });
    expect(response.status).toBe(status);
    return problem;
  }

  describe('calls', () => {
    it('originates: 202, Location and the queued call', async () => {
      const response = await http()
        .post('/v1/calls')
        .set('Idempotency-Key', 'k1')
        .send({
          ...valid,
          timeout_s: 30,
          max_duration_s: 600,
          metadata: { a: 'b' },
          record: { channels: 'dual' },
        });
      expect(response.status).toBe(202);
      expect(callSchema.parse(response.body).state).toBe('queued');
      expect(response.headers['location']).toBe(`/v1/calls/${callId(1)}`);
      expect(test.calls.asked).toEqual([
        {
          command: 'originate',
          with: {
            ...valid,
            timeoutMs: 30_000,
            maxDurationMs: 600_000,
            metadata: { a: 'b' },
            record: { channels: 'dual' },
          },
        },
      ]);
    });

    it.each([
      ['a header part', 'sip:a@b?Route=x'],
      ['CR LF', 'sip:a@b\r\nX-Evil: 1'],
      ['what narrows to CR LF', 'sip:a\u010d\u010aX-Evil: 1@b'],
      ['a bad port', 'sip:a@b:99999999'],
      ['another transport', 'sip:a@b;transport=tls'],
      ['a method', 'sip:a@b;method=BYE'],
      ['maddr', 'sip:a@b;maddr=10.0.0.1'],
    ])('refuses a URI with %s and asks nobody', async (_what, uri) => {
      const response = await http()
        .post('/v1/calls')
        .send({ ...valid, to: [valid.to[0], uri] });
      const problem = expectProblem(response, 422, 'invalid_fields');
      expect(problem.errors?.[0]?.pointer).toBe('/to/1');
      expect(test.calls.asked).toEqual([]);
    });

    it('hands one party to a conference', async () => {
      const to = ['sip:bob@example.com'];
      const response = await http().post('/v1/calls').send({ from: valid.from, to, conference: 'sales' });
      expect(response.status).toBe(202);
      const target = { kind: 'conference', name: 'sales' };
      expect(test.calls.asked.at(-1)?.with).toEqual({ from: valid.from, to, mode: 'anchored', target });
      const twoParties = await http()
        .post('/v1/calls')
        .send({ ...valid, mode: 'anchored', conference: 'sales' });
      expect(expectProblem(twoParties, 422, 'invalid_fields').errors?.[0]?.pointer).toBe('/to');
    });

    it('refuses unknown fields by JSON pointer', async () => {
      const response = await http()
        .post('/v1/calls')
        .send({ ...valid, 'x/y': 1 });
      expect(expectProblem(response, 422, 'invalid_fields').errors).toEqual([
        { pointer: '/x~1y', detail: 'unknown field' },
      ]);
    });

    it('originates nothing that needs a media server while none takes work', async () => {
      test.mediaServers.pool.setDrains('sip:a', true);
      test.mediaServers.pool.setWorks('sip:b', false);
      const response = await http()
        .post('/v1/calls')
        .send({ ...valid, mode: 'anchored' });
      expectProblem(response, 503, 'no_media_server');
      expect(response.headers['retry-after']).toBe('2');
      const direct = { ...valid, to: ['sip:a@b', 'sip:c@d'], mode: 'direct' };
      expect((await http().post('/v1/calls').send(direct)).status).toBe(202);
    });

    it('originates nothing while the node shuts down', async () => {
      test.admission.open = false;
      const response = await http().post('/v1/calls').send(valid);
      expectProblem(response, 503, 'shutting_down');
      expect(response.headers['retry-after']).toBe('2');
    });

    it('reads a call, and 404 where there is none', async () => {
      test.calls.add(
        callView(1, { state: 'ended', ended_reason: 'busy', sip: { status: 486, reason: 'Busy Here' } }),
      );
      const response = await http().get(`/v1/calls/${callId(1)}`);
      expect(callSchema.parse(response.body)).toMatchObject({ ended_reason: 'busy', sip: { status: 486 } });
      expectProblem(await http().get(`/v1/calls/${callId(2)}`), 404, 'call_not_found');
    });

    it.each(['x', 'rec_0192f0c1-5b7a-7cc1-8d0f-000000000001', '..%2f..%2fetc', 'call_%0d%0a'])(
      'knows without the engine that %s is no call',
      async (id) => {
        expectProblem(await http().get(`/v1/calls/${id}`), 404, 'call_not_found');
        expect(test.calls.asked).toEqual([]);
      },
    );

    it('lists in pages', async () => {
      for (const n of [1, 2, 3]) test.calls.add(callView(n));
      const first = callPageSchema.parse((await http().get('/v1/calls?limit=2')).body);
      expect(first).toMatchObject({ has_more: true, next_cursor: callId(2) });
      const rest = callPageSchema.parse((await http().get(`/v1/calls?limit=2&cursor=${callId(2)}`)).body);
      expect(rest).toMatchObject({ data: [{ id: callId(3) }], has_more: false, next_cursor: null });
      const refused = await http().get('/v1/calls?limit=1000&colour=red');
      expect(expectProblem(refused, 422, 'invalid_fields').errors?.map(({ parameter }) => parameter)).toEqual(
        ['limit', 'colour'],
      );
    });

    it('hangs up, with or without an empty body', async () => {
      test.calls.add(callView(1));
      expect((await http().post(`/v1/calls/${callId(1)}/hangup`)).status).toBe(202);
      expect(
        (
          await http()
            .post(`/v1/calls/${callId(1)}/hangup`)
            .send({})
        ).status,
      ).toBe(202);
      const response = await http()
        .post(`/v1/calls/${callId(1)}/hangup`)
        .send({ reason: 'a\r\nb' });
      expectProblem(response, 422, 'invalid_fields');
      const reason = 'no more time';
      await http()
        .post(`/v1/calls/${callId(1)}/hangup`)
        .send({ reason });
      expect(test.calls.asked.at(-1)?.with).toEqual({ id: callId(1), reason });
    });
  });

  describe('recordings', () => {
    it('starts one: 202, Location and its document', async () => {
      test.calls.add(callView(1, { state: 'in_progress' }));
      const response = await http()
        .post(`/v1/calls/${callId(1)}/recordings`)
        .send({ channels: 'dual', max_s: 60 });
      expect(response.status).toBe(202);
      expect(recordingSchema.parse(response.body)).toMatchObject({ state: 'requested', channels: 'dual' });
      expect(response.headers['location']).toBe(`/v1/recordings/${recordingId(1)}`);
      expect(test.calls.asked[0]?.with).toEqual({ id: callId(1), channels: 'dual', maxMs: 60_000 });
    });

    it('lists those of a call', async () => {
      test.calls.add(callView(1));
      test.calls.recordings.set(recordingId(1), recordingView(1));
      const page = recordingPageSchema.parse((await http().get(`/v1/calls/${callId(1)}/recordings`)).body);
      expect(page.data).toHaveLength(1);
      expectProblem(await http().get(`/v1/calls/${callId(2)}/recordings`), 404, 'call_not_found');
    });

    it('reads one without telling where its file is', async () => {
      const file = `file:///srv/recordings/${recordingId(1)}.wav`;
      test.calls.recordings.set(
        recordingId(1),
        recordingView(1, { state: 'completed', file, duration_ms: 1740 }),
      );
      const response = await http().get(`/v1/recordings/${recordingId(1)}`);
      expect(recordingSchema.parse(response.body).media_url).toBe(`/v1/recordings/${recordingId(1)}/media`);
      expect(response.text).not.toContain('/srv/');
    });

    it('stops one', async () => {
      test.calls.recordings.set(recordingId(1), recordingView(1, { state: 'stopping' }));
      const response = await http().post(`/v1/recordings/${recordingId(1)}/stop`);
      expect(response.status).toBe(202);
      expect(recordingSchema.parse(response.body).state).toBe('stopping');
      expectProblem(await http().post(`/v1/recordings/${recordingId(9)}/stop`), 404, 'recording_not_found');
    });
  });

  describe('refusals of the engine', () => {
    it('keep their code, detail, sip and msml', async () => {
      const sip = { status: 486, reason: 'Busy Here' };
      const msml = { result: '440', description: 'no such conference' };
      const refusal = { refused: 'conflict', code: 'call_ended', detail: 'It is over.', sip, msml } as const;
      test.calls.refusal = refusal;
      const problem = expectProblem(await http().post(`/v1/calls/${callId(1)}/hangup`), 409, 'call_ended');
      expect(problem).toMatchObject({ detail: 'It is over.', sip, msml });
    });

    it('fall back to the kind where the code is not of the catalogue', async () => {
      test.calls.refusal = { refused: 'unavailable', code: 'moon_phase', detail: 'wrong moon' };
      const problem = expectProblem(await http().post('/v1/calls').send(valid), 503, 'unavailable');
      expect(problem.detail).toBe('wrong moon');
    });

    it('are 503 with Retry-After when the store does not answer', async () => {
      test.calls.failure = new StoreUnavailable('redis is away');
      const response = await http().get(`/v1/calls/${callId(1)}`);
      expectProblem(response, 503, 'store_unavailable');
      expect(response.headers['retry-after']).toBe('2');
    });

    it('are 500 without a word of the cause for a fault, which the log has under the same instance', async () => {
      test.calls.failure = new Error('secret cause');
      const response = await http().get(`/v1/calls/${callId(1)}`);
      const problem = expectProblem(response, 500, 'internal_error');
      expect(response.text).not.toContain('secret');
      expect(logged).toEqual([
        expect.objectContaining({ request_id: problem.instance, error: test.calls.failure }),
      ]);
    });
  });

  describe('bodies', () => {
    const post = () => http().post('/v1/calls');

    it.each([
      ['broken JSON', '{"from":', 400, 'malformed_json'],
      ['a JSON text that is no object', '"sip:a@b"', 400, 'malformed_json'],
      [
        '64 KiB and more',
        JSON.stringify({ ...valid, metadata: { a: 'x'.repeat(70_000) } }),
        413,
        'body_too_large',
      ],
      ['an own __proto__', '{"__proto__":{"from":"sip:a@b"}}', 422, 'invalid_fields'],
      ['an array', '[]', 422, 'invalid_fields'],
    ])('refuse %s', async (_what, body, status, code) => {
      expectProblem(await post().set('Content-Type', 'application/json').send(body), status, code);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
      'refuse %s',
      async (type) => {
        expectProblem(await post().set('Content-Type', type).send('a=b'), 415, 'unsupported_media_type');
      },
    );

    it('refuse a content encoding', async () => {
      const response = await post()
        .set('Content-Type', 'application/json')
        .set('Content-Encoding', 'gzip')
        .send('{}');
      expectProblem(response, 415, 'unsupported_media_type');
    });

    it('are asked for', async () => {
      expectProblem(await post(), 422, 'invalid_fields');
    });
  });

  describe('addresses', () => {
    it('404 for what is not there', async () => {
      expectProblem(await http().get('/v1/nothing'), 404, 'not_found');
    });

    it('405 with Allow for what is there with other methods', async () => {
      const response = await http().delete('/v1/calls');
      expectProblem(response, 405, 'method_not_allowed');
      expect(response.headers['allow']).toBe('POST, GET');
    });

    it('400 for a path that can not be decoded', async () => {
      expectProblem(await http().get('/v1/calls/%zz'), 400, 'malformed_request');
    });

    it('421 for a Host that is a name of somebody else, because a page may rebind it to us', async () => {
      expectProblem(await http().get('/v1/calls').set('Host', 'evil.example'), 421, 'misdirected_request');
      expect((await http().get('/v1/calls').set('Host', '[::1]:3000')).status).toBe(200);
    });
  });

  it('sends no header that tells of the framework, and those that protect a browser', async () => {
    const { headers } = await http().get('/v1/calls');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  });

  it('serves the OpenAPI document and the page to read it, without the network', async () => {
    expect((await http().get('/v1/openapi.json')).body).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Legato' },
    });
    const page = await http().get('/docs');
    expect(page.text).toContain('Legato REST interface');
    expect(page.text).not.toMatch(/(?:src|href)="https?:/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    for (const path of ['/docs', '/docs/']) {
      const { text } = await http().get(path);
      const base = new URL(/<base href="([^"]*)"/.exec(text)?.[1] ?? '', `http://127.0.0.1${path}`);
      for (const [, part = ''] of text.matchAll(/(?:src|href)="([^"]*[^/])"/g)) {
        const { pathname } = new URL(part, base);
        expect([pathname, (await http().get(pathname)).status]).toEqual([`/docs/${part}`, 200]);
      }
    }
    expect((await http().get('/docs/page.js')).text).toContain("'../v1/openapi.json'");
  });

  it('has a route for every operation of the document, and none beside', () => {
    const router = (test.app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } })
      .router;
    const routes = router.stack
      .flatMap(({ route }) =>
        route ? Object.keys(route.methods).map((method) => `${method} ${route.path}`) : [],
      )
      .filter((route) => !/ \/docs/.test(route));
    const operations = OPERATIONS.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(routes.sort()).toEqual(operations.sort());
  });
});

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}
