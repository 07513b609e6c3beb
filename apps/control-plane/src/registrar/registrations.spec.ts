import { registrationPageSchema, registrationSchema } from '@legato/contracts';
import { buildRequest } from '@legato/testing';
import request from 'supertest';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

describe('registrations over REST', () => {
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());

  beforeEach(async () => {
    test = await testApplication();
  });
  afterEach(() => test.app.close());

  async function register(user: string, contacts: readonly string[]): Promise<void> {
    const message = buildRequest({
      method: 'REGISTER',
      to: `<sip:${user}@example.com>`,
      headers: [
        ...contacts.map((contact): [string, string] => ['Contact', contact]),
        ['User-Agent', 'IM-client/OMA1.0 (doubango r000)'],
      ],
    });
    message.flow = {
      protocol: 'UDP',
      local: { host: '127.0.0.1', port: 5060 },
      remote: { host: '112.25.222.170', port: 28555 },
    };
    expect(await test.registrar.register(message)).toMatchObject({ status: 200 });
  }

  it('are listed in pages, in the order of their addresses', async () => {
    for (const user of ['c', 'a%40b', 'b']) await register(user, ['<sip:x@192.168.1.2>']);
    const first = registrationPageSchema.parse((await http().get('/v1/registrations?limit=2')).body);
    expect(first.data.map(({ aor }) => aor)).toEqual(['sip:a%40b@example.com', 'sip:b@example.com']);
    const rest = await http().get(`/v1/registrations?limit=2&cursor=${first.next_cursor}`);
    expect(registrationPageSchema.parse(rest.body)).toMatchObject({
      data: [{ aor: 'sip:c@example.com' }],
      next_cursor: null,
      has_more: false,
    });
    expect((await http().get('/v1/registrations?cursor=%22')).status).toBe(422);
  });

  it('are read by address-of-record, whatever its spelling', async () => {
    await register('1011', ['<sip:1011@192.168.1.107:62118>;expires=30;q=0.5']);
    for (const aor of ['sip:1011@example.com', 'sip%3A1011%40EXAMPLE.com%3A5060']) {
      const response = await http().get(`/v1/registrations/${aor}`);
      expect(registrationSchema.parse(response.body)).toMatchObject({
        aor: 'sip:1011@example.com',
        bindings: [
          {
            contact: 'sip:1011@192.168.1.107:62118',
            q: 0.5,
            reach: 'flow',
            transport: 'UDP',
            source: '112.25.222.170:28555',
            user_agent: 'IM-client/OMA1.0 (doubango r000)',
          },
        ],
      });
    }
  });

  it('are removed, all or one', async () => {
    await register('1011', ['<sip:a@192.168.1.107>', '<sip:b@192.168.1.107>']);
    const path = '/v1/registrations/sip:1011@example.com';
    expect((await http().delete(`${path}?contact=sip:a@192.168.1.107`)).status).toBe(204);
    expect((await http().get(path)).body).toMatchObject({ bindings: [{ contact: 'sip:b@192.168.1.107' }] });
    expect((await http().delete(path)).status).toBe(204);
    expect((await http().delete(path)).status).toBe(404);
  });

  it.each(['sip:nobody@example.com', 'sip:example.com', 'nonsense', 'tel:+1555'])(
    'are 404 for %s',
    async (aor) => {
      const response = await http().get(`/v1/registrations/${aor}`);
      expect([response.status, (response.body as { code: string }).code]).toEqual([
        404,
        'registration_not_found',
      ]);
    },
  );
});
