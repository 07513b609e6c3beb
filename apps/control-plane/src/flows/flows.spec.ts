import { flowSchema, flowSimulationSchema } from '@legato/contracts';
import { flowJsonSchema } from '@legato/flows';
import request from 'supertest';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const menu = {
  name: 'Menu',
  start: 'ask',
  steps: {
    ask: { type: 'gather', prompt: [{ file: 'menu.wav' }], max: 1, next: 'bye', on: { no_input: 'ask' } },
    bye: { type: 'hangup' },
  },
};

describe('flows over REST', () => {
  let test: TestApplication;
  beforeEach(async () => {
    test = await testApplication();
  });
  afterEach(() => test.app.close());

  const put = (id: string, body: object) =>
    request(test.app.getHttpServer()).put(`/v1/flows/${id}`).send(body);
  const get = (path: string) => request(test.app.getHttpServer()).get(`/v1/flows${path}`);
  const post = (path: string, body: object = {}) =>
    request(test.app.getHttpServer()).post(`/v1/flows/${path}`).send(body);
  const problem = (response: { text: string }) => JSON.parse(response.text) as Record<string, unknown>;

  it('are stored, read and activated', async () => {
    const made = await put('menu', menu);
    expect([made.status, made.headers['location']]).toEqual([201, '/v1/flows/menu']);
    expect((await put('menu', { ...menu, name: 'Other' })).status).toBe(200);
    const read = await get('/menu');
    expect(flowSchema.parse(read.body)).toMatchObject({ id: 'menu', version: 2, state: 'draft' });
    const active = await post('menu/activate', { version: 1 });
    expect([active.status, active.body]).toEqual([
      200,
      { ...read.body, state: 'active', active_version: 1, updated_at: expect.any(String) as string },
    ]);
    expect((await get('/menu?version=1')).body).toMatchObject({ document: { name: 'Menu', version: 1 } });
  });

  it('are listed page by page', async () => {
    for (const id of ['a', 'b', 'c']) await put(id, menu);
    const first = await get('?limit=2');
    expect(first.body).toMatchObject({ data: [{ id: 'a' }, { id: 'b' }], next_cursor: 'b', has_more: true });
    expect((await get('?limit=2&cursor=b')).body).toMatchObject({
      data: [{ id: 'c' }],
      next_cursor: null,
      has_more: false,
    });
  });

  it('are refused with a pointer to each place', async () => {
    const refused = await put('menu', {
      ...menu,
      steps: { ...menu.steps, bye: { type: 'play', sources: [{ file: 'a.wav' }], next: 'nowhere' } },
    });
    expect([refused.status, problem(refused)]).toEqual([
      422,
      expect.objectContaining({
        code: 'invalid_fields',
        errors: [{ pointer: '/steps/bye/next', detail: 'there is no step nowhere' }],
      }),
    ]);
    expect((await get('/menu')).status).toBe(404);
  });

  it('are refused with an application at an address that is not public', async () => {
    const asking = { name: 'x', start: 'ask', steps: { ask: { type: 'webhook', url: 'http://127.1/' } } };
    const errors = [{ pointer: '/steps/ask/url', detail: 'is not a public address' }];
    const refused = await put('menu', asking);
    expect([refused.status, problem(refused)]).toMatchObject([422, { code: 'invalid_fields', errors }]);
    expect((await post('menu/validate', asking)).body).toEqual({ valid: false, errors });
  });

  it('are checked without being stored', async () => {
    expect((await post('menu/validate', menu)).body).toEqual({ valid: true, errors: [] });
    const wrong = await post('menu/validate', { ...menu, start: 'x' });
    expect([wrong.status, wrong.body]).toMatchObject([
      200,
      { valid: false, errors: [{ pointer: '/start' }] },
    ]);
    expect((await get('/menu')).status).toBe(404);
  });

  it('are simulated with the MSML of each step', async () => {
    await put('menu', menu);
    const simulated = await post('menu/simulate', { digits: [null, '7'] });
    expect([simulated.status, simulated.body]).toMatchObject([
      200,
      {
        outcome: 'completed',
        step: 'bye',
        variables: { digits: '7' },
        steps: [{ step: 'ask', outcome: 'no_input' }, { step: 'ask', outcome: 'matched' }, { step: 'bye' }],
      },
    ]);
    expect(flowSimulationSchema.parse(simulated.body).steps[0]?.msml[0]).toContain('<collect ');
    expect((await post('menu/simulate', { digits: ['z'] })).status).toBe(422);
    expect((await post('menu/simulate', { version: 3 })).status).toBe(404);
  });

  it('are no part of calls for an application, whose address has to be public', async () => {
    const ask = (webhook: string) =>
      request(test.app.getHttpServer())
        .post('/v1/calls')
        .send({ from: 'sip:a@b', to: ['sip:c@d'], webhook });
    const refused = await ask('http://127.1/calls');
    expect([refused.status, problem(refused)['errors']]).toEqual([
      422,
      [{ pointer: '/webhook', detail: 'is not a public address' }],
    ]);
    expect((await ask('https://app.example/calls?key=7')).status).toBe(202);
  });

  it('are given to calls when a version is active', async () => {
    const ask = () =>
      request(test.app.getHttpServer())
        .post('/v1/calls')
        .send({ from: 'sip:a@b', to: ['sip:c@d'], flow: 'menu' });
    const refused = await ask();
    expect([refused.status, problem(refused)['code']]).toEqual([409, 'flow_not_active']);
    await put('menu', menu);
    expect((await ask()).status).toBe(409);
    await post('menu/activate');
    expect((await ask()).status).toBe(202);
  });

  it('are removed', async () => {
    await put('menu', menu);
    const http = test.app.getHttpServer();
    expect((await request(http).delete('/v1/flows/menu')).status).toBe(204);
    expect((await request(http).delete('/v1/flows/menu')).status).toBe(404);
  });

  it.each([
    ['an id that can not be', () => put('Men%20u', menu), 404, 'not_found'],
    ['a flow that is not there', () => get('/nobody'), 404, 'flow_not_found'],
    ['an activation of a flow that is not there', () => post('nobody/activate'), 404, 'flow_not_found'],
    [
      'a body that is too large',
      () => put('big', { ...menu, name: 'x'.repeat(70_000) }),
      413,
      'body_too_large',
    ],
    ['a version that is none', () => get('/menu?version=0'), 422, 'invalid_fields'],
    ['a PATCH', () => request(test.app.getHttpServer()).patch('/v1/flows/menu'), 405, 'method_not_allowed'],
  ])('answer %s with its problem', async (_what, ask, status, code) => {
    const response = await ask();
    expect([response.status, problem(response)['code']]).toEqual([status, code]);
  });

  it('answer 409 when the version is another one', async () => {
    await put('menu', menu);
    for (const conflict of [
      await put('menu', { ...menu, name: 'x', version: 7 }),
      await post('menu/activate', { version: 7 }),
    ]) {
      expect([conflict.status, problem(conflict)['code']]).toEqual([409, 'flow_version_conflict']);
    }
  });

  it('have a JSON Schema for editors', async () => {
    expect((await get('/schema.json')).body).toEqual(flowJsonSchema());
  });
});
