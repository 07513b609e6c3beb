import request from 'supertest';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

describe('with API keys', () => {
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());

  beforeAll(async () => {
    test = await testApplication({ apiKeys: ['first-key', 'second-key'] });
  });
  afterAll(() => test.app.close());

  it.each(['first-key', 'second-key'])('lets %s in, under any host name', async (key) => {
    const response = await http()
      .get('/v1/calls')
      .set('Host', 'legato.example')
      .set('Authorization', `Bearer ${key}`);
    expect(response.status).toBe(200);
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer third-key',
    'Bearer first-key2',
    'Bearer first-ke',
    'Basic first-key',
    'first-key',
  ])('refuses "%s"', async (authorization) => {
    const response = await http().get('/v1/calls').set('Authorization', authorization);
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="legato"');
    expect(JSON.parse(response.text)).toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    '/v1/calls',
    '/v1/events/stream',
    '/v1/openapi.json',
    '/docs',
    '/docs/swagger-ui.css',
    '/metrics',
    '/nothing',
    '//healthz',
    '/HEALTHZ',
  ])('asks for one at %s', async (path) => {
    expect((await http().get(path)).status).toBe(401);
  });

  it('reads no body of a stranger', async () => {
    const response = await http().post('/v1/calls').set('Content-Type', 'application/json').send('{');
    expect(response.status).toBe(401);
  });

  it.each(['/healthz', '/readyz'])('asks for none at %s', async (path) => {
    expect((await http().get(path)).status).toBe(200);
  });
});
