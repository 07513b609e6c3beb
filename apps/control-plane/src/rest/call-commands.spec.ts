import { commandedCallSchema } from '@legato/contracts';
import request from 'supertest';
import { COMMAND_ID } from '../../test/fake-call-commands';
import { callId } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

describe('commands to a call', () => {
  let test: TestApplication;
  const id = callId(1);
  const post = (verb: string, body?: object) =>
    request(test.app.getHttpServer()).post(`/v1/calls/${id}/${verb}`).send(body);

  beforeAll(async () => {
    test = await testApplication();
  });
  afterAll(() => test.app.close());
  beforeEach(() => {
    test.commands.calls.asked.length = 0;
    test.commands.calls.refusal = undefined;
  });

  it.each([
    ['answer', undefined, {}],
    ['answer', { max_duration_s: 60 }, { maxDurationMs: 60_000 }],
    ['reject', undefined, { status: 603 }],
    ['reject', { status: 486 }, { status: 486 }],
    ['bridge', { to: 'sip:bob@home' }, { to: 'sip:bob@home', mode: 'anchored', stays: false }],
    [
      'bridge',
      { to: 'sip:bob@home', timeout_s: 20, on_hangup: 'continue' },
      { to: 'sip:bob@home', mode: 'anchored', stays: true, timeoutMs: 20_000 },
    ],
    ['hold', undefined, {}],
    ['resume', {}, {}],
    ['mute', { leg: 'caller' }, { leg: 'caller' }],
    ['unmute', { leg: 'callee' }, { leg: 'callee' }],
    [
      'dtmf',
      { leg: 'callee', digits: '12A*#' },
      { leg: 'callee', digits: '12A*#', durationMs: 100, intervalMs: 100 },
    ],
    [
      'info',
      { leg: 'caller', content_type: 'application/x-screen', body: 'pop\r\n7' },
      { leg: 'caller', contentType: 'application/x-screen', body: 'pop\r\n7' },
    ],
    ['move', { mode: 'direct' }, { mode: 'direct' }],
  ])('%s %j is taken', async (verb, body, asked) => {
    const response = await post(verb, body);
    expect(response.status).toBe(202);
    expect(commandedCallSchema.parse(response.body)).toMatchObject({ id, command_id: COMMAND_ID });
    expect(test.commands.calls.asked).toEqual([{ command: verb, with: { id, ...asked } }]);
  });

  it.each([
    ['answer', { max_duration_s: 0 }, '/max_duration_s'],
    ['reject', { status: 200 }, '/status'],
    ['reject', { status: 401 }, '/status'],
    ['bridge', {}, '/to'],
    ['bridge', { to: 'sip:a@b\r\nX: y' }, '/to'],
    ['bridge', { to: 'sip:a@b;maddr=10.0.0.1' }, '/to'],
    ['bridge', { to: 'sip:a@b', mode: 'direct', on_hangup: 'continue' }, '/on_hangup'],
    ['hold', { music: true }, '/music'],
    ['mute', {}, '/leg'],
    ['mute', { leg: 'both' }, '/leg'],
    ['dtmf', { leg: 'callee', digits: '' }, '/digits'],
    ['dtmf', { leg: 'callee', digits: '1\r\n2' }, '/digits'],
    ['dtmf', { leg: 'callee', digits: 'x' }, '/digits'],
    ['dtmf', { leg: 'callee', digits: '1', duration_ms: 1 }, '/duration_ms'],
    ['info', { leg: 'caller', content_type: 'a/b\r\nX: y', body: '' }, '/content_type'],
    ['info', { leg: 'caller', content_type: 'a/b; c=d', body: '' }, '/content_type'],
    ['info', { leg: 'caller', content_type: 'application/MSML+xml', body: '' }, '/content_type'],
    ['info', { leg: 'caller', content_type: 'application/vnd.radisys.msml+xml', body: '' }, '/content_type'],
    ['info', { leg: 'caller', content_type: 'application/sdp', body: '' }, '/content_type'],
    ['info', { leg: 'caller', content_type: 'a/b', body: 'a\u0000b' }, '/body'],
    ['info', { leg: 'caller', content_type: 'a/b', body: 'x'.repeat(4097) }, '/body'],
    ['move', { mode: 'somewhere' }, '/mode'],
  ])('%s %j is refused by JSON pointer', async (verb, body, pointer) => {
    const response = await post(verb, body);
    expect(response.status).toBe(422);
    expect(JSON.parse(response.text)).toMatchObject({ code: 'invalid_fields', errors: [{ pointer }] });
    expect(test.commands.calls.asked).toEqual([]);
  });

  it('are refused as the engine refuses them', async () => {
    test.commands.calls.refusal = { refused: 'conflict', code: 'call_busy', detail: 'Under way: bridge' };
    const response = await post('answer');
    expect(response.status).toBe(409);
    expect(JSON.parse(response.text)).toMatchObject({ code: 'call_busy', detail: 'Under way: bridge' });
  });
});
