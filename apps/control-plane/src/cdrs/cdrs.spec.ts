import { cdrPageSchema } from '@legato/contracts';
import request from 'supertest';
import { callId } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const cdr = (n: number) => ({
  id: callId(n).replace('call_', 'cdr_'),
  call_id: callId(n),
  direction: 'inbound',
  mode: 'direct',
  from: 'sip:alice@example.com',
  to: ['sip:bob@example.com'],
  parties: [{ role: 'caller', uri: 'sip:alice@example.com' }],
  started_at: '2026-11-21T02:30:00.000Z',
  ended_at: '2026-11-21T02:31:00.000Z',
  duration_ms: 0,
  ended_reason: 'busy',
  sip: { status: 486, reason: 'Busy Here' },
  recordings: [],
  metadata: {},
});

describe('GET /v1/cdrs', () => {
  let test: TestApplication;
  const get = (query = '') => request(test.app.getHttpServer()).get(`/v1/cdrs${query}`);

  beforeAll(async () => {
    test = await testApplication();
  });
  afterAll(() => test.app.close());

  it('gives records in pages, and a cursor that stays good', async () => {
    expect((await get()).body).toEqual({ data: [], next_cursor: null, has_more: false });
    for (const n of [1, 2, 3]) test.cdrs.append(JSON.stringify(cdr(n)));
    const first = cdrPageSchema.parse((await get('?limit=2')).body);
    expect(first).toMatchObject({ data: [cdr(1), cdr(2)], has_more: true });
    const second = cdrPageSchema.parse((await get(`?cursor=${first.next_cursor}`)).body);
    expect(second).toMatchObject({ data: [cdr(3)], has_more: false });
    test.cdrs.append(JSON.stringify(cdr(4)));
    expect((await get(`?cursor=${second.next_cursor}`)).body).toMatchObject({ data: [cdr(4)] });
  });

  it.each(['?limit=0', '?limit=1001', '?cursor=a%20b', '?page=2'])('refuses %s', async (query) => {
    expect((await get(query)).status).toBe(422);
  });
});
