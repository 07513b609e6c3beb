import { livenessSchema, readinessSchema } from '@legato/contracts';
import request from 'supertest';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

describe('health', () => {
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());

  beforeAll(async () => {
    test = await testApplication();
  });
  afterAll(() => test.app.close());

  it('is alive as long as it answers', async () => {
    Object.assign(test.up, { store: false, mediaServer: false, sip: false });
    expect(livenessSchema.parse((await http().get('/healthz')).body)).toEqual({ status: 'alive' });
  });

  it.each([
    ['store', 'store'],
    ['mediaServer', 'media_server'],
    ['sip', 'sip'],
  ])('is not ready without its %s', async (part, check) => {
    Object.assign(test.up, { store: true, mediaServer: true, sip: true });
    expect(readinessSchema.parse((await http().get('/readyz')).body).status).toBe('ready');
    Object.assign(test.up, { [part]: false });
    const response = await http().get('/readyz');
    expect(response.status).toBe(503);
    expect(readinessSchema.parse(response.body)).toMatchObject({
      status: 'not_ready',
      checks: { [check]: 'down' },
    });
  });

  it('counts requests by route, not by address', async () => {
    await http().get('/v1/calls/call_1');
    await http().get('/v1/calls/call_2');
    await http().get('/v1/nothing/1');
    const { text, headers } = await http().get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toMatch(
      /legato_http_requests_total\{method="GET",route="\/v1\/calls\/:id",status="404"\} 2/,
    );
    expect(text).toMatch(/legato_http_requests_total\{method="GET",route="unmatched",status="404"\} 1/);
  });
});
