import { mediaServerPageSchema, mediaServerSchema, problemSchema } from '@legato/contracts';
import request from 'supertest';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';
import { auditDocument } from './audit-document';

describe('the resource media-servers', () => {
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());

  beforeAll(async () => {
    test = await testApplication();
  });
  afterAll(() => test.app.close());

  it('is listed and read', async () => {
    test.mediaServers.pool.setWorks('sip:a', true);
    test.mediaServers.pool.hold('sip:a', 'call_1/1');
    const page = mediaServerPageSchema.parse((await http().get('/v1/media-servers')).body);
    expect(page.data.map(({ id, state, connections }) => [id, state, connections])).toEqual([
      ['a', 'up', 1],
      ['b', 'down', 0],
    ]);
    const one = mediaServerSchema.parse((await http().get('/v1/media-servers/b')).body);
    expect(one).toMatchObject({ uri: 'sip:b', dialect: 'rfc', weight: 1, capacity: null, control: false });
  });

  it('is drained and undrained', async () => {
    const drained = await http().post('/v1/media-servers/a/drain');
    expect([drained.status, drained.body]).toEqual([200, expect.objectContaining({ state: 'draining' })]);
    const back = await http().post('/v1/media-servers/a/undrain');
    expect([back.status, back.body]).toEqual([200, expect.objectContaining({ state: 'up' })]);
  });

  it.each(['get /v1/media-servers/c', 'post /v1/media-servers/c/drain', 'get /v1/media-servers/c/audit'])(
    'answers 404 to %s',
    async (line) => {
      const [method, path] = line.split(' ') as ['get' | 'post', string];
      const response = await http()[method](path);
      expect(problemSchema.parse(response.body)).toMatchObject({
        status: 404,
        code: 'media_server_not_found',
      });
    },
  );

  it('takes nothing in the body of a command', async () => {
    const response = await http().post('/v1/media-servers/a/drain').send({ now: true });
    expect(response.status).toBe(422);
  });

  it('tells when the media server can not be asked', async () => {
    const response = await http().get('/v1/media-servers/a/audit');
    expect(problemSchema.parse(response.body)).toMatchObject({ status: 504, code: 'media_server_silent' });
  });

  it('tells how the media server refused', async () => {
    const outcome = { token: '', ok: false, sipStatus: 200, response: '402', confIds: [], dialogIds: [] };
    jest.spyOn(test.mediaServers, 'ask').mockResolvedValueOnce({ ...outcome, description: 'Not served' });
    const response = await http().get('/v1/media-servers/a/audit');
    expect(problemSchema.parse(response.body)).toMatchObject({
      status: 502,
      code: 'media_server_refused',
      msml: { result: '402', description: 'Not served' },
    });
  });

  it('shows what the media server has', () => {
    expect(
      auditDocument([
        {
          targetid: 'conf:x',
          dialog: [{ name: 'rec_1', type: 'application/moml+xml', primitive: 'record', duration: '12' }],
        },
        {
          targetid: 'conn:1',
          sipdialog: { callid: 'abc', localtag: '1', remotetag: '2' },
          stream: [{ joinwith: 'conf:x', media: 'audio', dir: 'to' }],
        },
      ]),
    ).toEqual({
      conferences: [
        { id: 'conf:x', dialogs: [{ name: 'rec_1', primitive: 'record', duration_s: 12 }], streams: [] },
      ],
      connections: [
        {
          id: 'conn:1',
          dialogs: [],
          streams: [{ with: 'conf:x', media: 'audio', direction: 'to' }],
          sip_call_id: 'abc',
        },
      ],
    });
  });
});
