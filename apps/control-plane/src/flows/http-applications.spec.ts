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
  call: {
    id: 'call_1',
    direction: 'inbound',
    from: 'sip:alice@example.com',
    to: ['sip:3000@example.com'],
    state: 'ringing',
  },
  flow: { id: 'menu', version: 3 },
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

  const ask = async (answer: Answer | readonly Answer[], secret?: string) => {
    const answers = Array.isArray(answer) ? [...(answer as readonly Answer[])] : [answer as Answer];
    const asked = applicationOf(answers, secret).ask(question);
    // The pause before a second attempt.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    clock.advance(300);
    return asked;
  };

  const applicationOf = (answers: Answer[], secret?: string) =>
    new HttpApplications({
      http: {
        send: (request) => {
          sent.push(request);
          return Promise.resolve(answers[sent.length - 1] ?? (answers.at(-1) as Answer));
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
    });

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
      state: 'ringing',
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
    expect(await ask(answered(200, body))).toEqual(ok(answer));
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
    expect(await applications.ask(inside)).toMatchObject({
      error: { code: 'application_address_refused' },
    });
    expect(reasons).toEqual(['The URL is not a public address.']);
    stop();
  });

  const late = err({ code: 'timeout', detail: 'There was no complete response in time.' }) as Answer;
  const gone = err({ code: 'unreachable', detail: 'The server could not be reached.' }) as Answer;

  it.each([
    ['a status', answered(500, '{}'), 'application_status', 2],
    ['a refusal', answered(404, '{}'), 'application_status', 1],
    ['a redirection', answered(302, ''), 'application_status', 1],
    ['no JSON', answered(200, `{${PIN}`), 'application_answer_invalid', 1],
    ['another object', answered(200, `{"pin": "${PIN}"}`), 'application_answer_invalid', 1],
    ['a body that is too long', answered(200, '{}', true), 'application_answer_invalid', 1],
    ['nothing in time', late, 'application_timeout', 1],
    ['no connection', gone, 'application_unreachable', 2],
  ])(
    'has not answered with %s, and is asked again where that may help',
    async (_what, answer, code, times) => {
      const outcome = await ask(answer);
      expect(outcome).toMatchObject({ ok: false, error: { code } });
      expect(sent).toHaveLength(times);
      expect(logged).toContain('application of a flow gave no answer');
      expect(logged + JSON.stringify(outcome)).not.toContain(PIN);
    },
  );

  it('is asked the same question when it failed at once, in what is left of its time', async () => {
    expect(await ask([gone, answered(200, '{}')])).toEqual(ok({ variables: {} }));
    expect(sent.map(({ headers }) => headers?.['webhook-id'])).toEqual(['call_1.7', 'call_1.7']);
    expect(sent[1]?.timeoutMs).toBeLessThan(3_000);
    expect(logged).toBe('');
  });

  it('is told of the end of a call, again until it takes it', async () => {
    const settled = async () => {
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    };
    const end = {
      url: 'https://app.example/calls',
      call: {
        ...question.call,
        state: 'ended',
        endedReason: 'completed',
        sip: { status: 200, reason: 'OK' },
      },
      last: null,
      variables: {},
    } as const;
    applicationOf([gone, answered(503, ''), answered(204, '')], SECRET).tell(end);
    for (const pause of [1_000, 5_000, 60_000]) {
      await settled();
      clock.advance(pause);
    }
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ headers, url }) => `${headers?.['webhook-id']} ${url}`))).toEqual(
      new Set(['call_1.ended https://app.example/calls']),
    );
    expect(JSON.parse(sent[2]?.body ?? '')).toMatchObject({
      call_id: 'call_1',
      state: 'ended',
      ended_reason: 'completed',
    });
  });

  it('is told where its answer is wrong', async () => {
    expect(await ask(answered(200, '[{"type": "play"}]'))).toMatchObject({
      error: { errors: [{ pointer: '/0/sources' }] },
    });
  });
});
