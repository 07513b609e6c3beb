import type { FlowQuestion } from '@legato/b2bua';
import { MemoryDocumentStore } from '@legato/b2bua';
import type { LogFields } from '@legato/kernel';
import { err, ok, randomIds, silentLog } from '@legato/kernel';
import type { OutboundRequest } from '@legato/outbound-http';
import { FakeClock } from '@legato/testing';
import { Webhook } from 'standardwebhooks';
import { createFlows } from './create-flows';
import { HttpApplications } from './http-applications';

const SECRET = `whsec_${Buffer.from('a secret of 24 characters').toString('base64')}`;
const PIN = '83917';

const question: FlowQuestion = {
  call: { id: 'call_1', direction: 'inbound', from: 'sip:alice@example.com', to: ['sip:3000@example.com'] },
  flow: 'menu',
  version: 3,
  number: 7,
  command: {
    do: 'webhook',
    url: 'https://app.example/pin',
    timeout_s: 3,
    question: { step: 'check', variables: { pin: PIN }, last: { step: 'pin', outcome: 'matched' } },
  },
};

type Answer = Awaited<ReturnType<ConstructorParameters<typeof HttpApplications>[0]['http']['send']>>;

const answered = (status: number, body: string, truncated = false): Answer =>
  ok({ status, headers: {}, body: Buffer.from(body), truncated });

describe('an application that a flow asks', () => {
  const clock = new FakeClock();
  let sent: OutboundRequest[];
  let logged: string;
  beforeEach(() => {
    sent = [];
    logged = '';
  });

  const ask = (answer: Answer, secret?: string) =>
    new HttpApplications({
      http: {
        send: (request) => {
          sent.push(request);
          return Promise.resolve(answer);
        },
      },
      clock,
      log: {
        debug() {},
        info() {},
        warn: (message, fields) => void (logged += JSON.stringify([message, fields])),
        error() {},
      },
      userAgent: 'Legato/test',
      ...(secret && { secret }),
    }).ask(question);

  it('is told by POST where the call is', async () => {
    await ask(answered(200, '{}'));
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: 'https://app.example/pin',
        headers: { 'content-type': 'application/json', 'webhook-id': 'call_1.7' },
        timeoutMs: 3_000,
      },
    ]);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      call_id: 'call_1',
      direction: 'inbound',
      from: 'sip:alice@example.com',
      to: ['sip:3000@example.com'],
      flow: 'menu',
      version: 3,
      number: 7,
      step: 'check',
      variables: { pin: PIN },
      last: { step: 'pin', outcome: 'matched' },
    });
  });

  it('can check who asks', async () => {
    await ask(answered(200, '{}'), SECRET);
    const { body = '', headers = {} } = sent[0] ?? {};
    // The library compares with the time of day.
    const signed = new Webhook(SECRET).sign('call_1.7', new Date(clock.wallTime()), body);
    expect(headers['webhook-signature']).toBe(signed);
  });

  it.each([
    [
      'an object',
      '{"variables": {"balance": "12.50"}, "next": "more"}',
      { variables: { balance: '12.50' }, next: 'more' },
    ],
    ['nothing', '', { variables: {} }],
  ])('may answer %s', async (_what, body, answer) => {
    expect(await ask(answered(200, body))).toEqual(answer);
  });

  it('is not asked at an address that is not public, unless the operator allows it', async () => {
    const reasons: unknown[] = [];
    const log = {
      ...silentLog,
      warn: (_message: string, fields?: LogFields) => void reasons.push(fields?.['reason']),
    };
    const base = {
      clock,
      ids: randomIds,
      log,
      documents: new MemoryDocumentStore(),
      userAgent: 'Legato/test',
    };
    const rules = { allowPrivate: false, allow: [], attempts: 1 };
    const { applications, stop } = createFlows({ ...base, config: { flows: {}, webhooks: rules } });
    const inside = { ...question, command: { ...question.command, url: 'http://127.1:1/' } };
    expect(await applications.ask(inside)).toBeUndefined();
    expect(reasons).toEqual(['The URL is not a public address.']);
    stop();
  });

  it.each([
    ['a status', answered(500, '{}')],
    ['a redirection', answered(302, '')],
    ['no JSON', answered(200, `{${PIN}`)],
    ['another object', answered(200, `{"pin": "${PIN}"}`)],
    ['a body that is too long', answered(200, '{}', true)],
    [
      'nothing in time',
      err({ code: 'timeout', detail: 'There was no complete response in time.' }) as Answer,
    ],
  ])('has not answered with %s; no body is logged', async (_what, answer) => {
    expect(await ask(answer)).toBeUndefined();
    expect(logged).toContain('application of a flow gave no answer');
    expect(logged).not.toContain(PIN);
  });
});
