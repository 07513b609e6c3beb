import { checkFlow } from '../check/check-flow';
import type { FlowDocument } from '../document/flow-document';
import { readWebhookAnswer } from '../document/webhook-answer';
import type { FlowOutcome, FlowTurn } from './flow-machine';
import { advanceFlow, beginFlow, resumeFlow } from './flow-machine';

function documentOf(steps: Record<string, unknown>, rest: Record<string, unknown> = {}): FlowDocument {
  const checked = checkFlow({ name: 'test', start: 'a', steps, ...rest });
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return checked.value;
}

/** Goes through a flow with one outcome after the other; the state makes the way through JSON each time. */
function goThrough(document: FlowDocument, ...outcomes: FlowOutcome[]): FlowTurn {
  return outcomes.reduce(
    (turn, outcome) =>
      advanceFlow(
        document,
        JSON.parse(JSON.stringify(turn.state)) as FlowTurn['state'],
        outcome,
        turn.secrets,
      ),
    beginFlow(document),
  );
}

const answered = (input: unknown): FlowOutcome => {
  const answer = readWebhookAnswer(input);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return { outcome: 'answered', answer: answer.value };
};

const done = { outcome: 'completed' };
const keyed = (digits: string) => ({ outcome: 'matched', digits });

const menu = documentOf({
  a: { type: 'play', sources: [{ file: 'welcome.wav' }], next: 'ask' },
  ask: {
    type: 'gather',
    prompt: [{ file: 'menu.wav' }],
    max: 1,
    next: 'which',
    on: { no_input: 'bye', no_match: 'ask' },
  },
  which: {
    type: 'branch',
    variable: 'digits',
    cases: [
      { equals: '1', next: 'sales' },
      { starts_with: '2', next: 'echo' },
    ],
    next: 'ask',
  },
  sales: { type: 'dial', to: 'sip:sales@example.com', timeout_s: 20, on: { busy: 'message' } },
  echo: { type: 'say', as: 'digits', value: '{{digits}}', language: 'en' },
  message: { type: 'record', max_s: 30, beep: true, into: 'voicemail', next: 'bye' },
  bye: { type: 'hangup' },
});

describe('a flow', () => {
  it('begins with its first step', () => {
    const turn = beginFlow(menu);
    expect(turn.command).toEqual({ do: 'play', sources: [{ file: 'welcome.wav' }] });
    expect(turn.state).toMatchObject({ step: 'a', taken: 1, end: null });
    expect(turn.taken).toEqual([]);
  });

  it('asks with the prompt and the options of the step', () => {
    expect(goThrough(menu, done).command).toEqual({ do: 'gather', prompt: [{ file: 'menu.wav' }], max: 1 });
  });

  it('branches on what was keyed, at once', () => {
    const turn = goThrough(menu, done, keyed('1'));
    expect(turn.command).toEqual({ do: 'dial', to: 'sip:sales@example.com', timeout_s: 20 });
    expect(turn.taken).toEqual([
      { number: 2, step: 'ask', type: 'gather', outcome: 'matched', next: 'which' },
      { number: 3, step: 'which', type: 'branch', outcome: 'case', next: 'sales' },
    ]);
  });

  it('takes the default of a branch, and the way of an outcome', () => {
    expect(goThrough(menu, done, keyed('9')).state.step).toBe('ask');
    const over = goThrough(menu, done, { outcome: 'no_input' });
    expect(over.command).toBeUndefined();
    expect(over.state.end).toEqual({ outcome: 'completed', step: 'bye' });
  });

  it('speaks what was keyed', () => {
    expect(goThrough(menu, done, keyed('27')).command).toEqual({
      do: 'play',
      sources: [{ say: { as: 'digits', value: '27', language: 'en' } }],
    });
  });

  it('keeps the id of a recording in a variable', () => {
    const turn = goThrough(
      menu,
      done,
      keyed('1'),
      { outcome: 'busy' },
      { outcome: 'completed', recording: 'rec_1' },
    );
    expect(turn.state.variables).toEqual({ digits: '1', voicemail: 'rec_1' });
  });

  it('ends with an outcome that leads nowhere', () => {
    expect(goThrough(menu, { outcome: 'failed' }).state.end).toEqual({ outcome: 'failed', step: 'a' });
    expect(goThrough(menu, done, keyed('1'), done).state.end).toEqual({
      outcome: 'completed',
      step: 'sales',
    });
  });

  it('takes no step more once it has ended', () => {
    const over = goThrough(menu, { outcome: 'failed' });
    expect(advanceFlow(menu, over.state, done)).toEqual({ ...over, taken: [] });
    expect(resumeFlow(menu, over.state).command).toBeUndefined();
  });

  it('does not count the key that says "done" among the digits', () => {
    const document = documentOf({ a: { type: 'gather', term: '#', next: 'b' }, b: { type: 'hangup' } });
    expect(goThrough(document, keyed('123#')).state.variables).toEqual({ digits: '123' });
    expect(goThrough(document, keyed('123')).state.variables).toEqual({ digits: '123' });
  });

  it('counts', () => {
    const document = documentOf({
      a: { type: 'gather', max: 4, next: 'count' },
      count: { type: 'set', add: { attempts: 1 }, next: 'enough' },
      enough: { type: 'branch', variable: 'attempts', cases: [{ equals: '3', next: 'bye' }], next: 'a' },
      bye: { type: 'hangup' },
    });
    const twice = goThrough(document, keyed('1'), keyed('2'));
    expect([twice.state.step, twice.state.variables['attempts']]).toEqual(['a', '2']);
    expect(goThrough(document, keyed('1'), keyed('2'), keyed('3')).state.end).toMatchObject({ step: 'bye' });
  });

  it('branches on the outcome of a step', () => {
    const document = documentOf({
      a: { type: 'gather', max: 1, next: 'b', on: { no_input: 'b' } },
      b: { type: 'branch', outcome_of: 'a', cases: [{ equals: 'no_input', next: 'c' }] },
      c: { type: 'play', sources: [{ file: 'hello.wav' }] },
    });
    expect(goThrough(document, { outcome: 'no_input' }).state.step).toBe('c');
    expect(goThrough(document, keyed('1')).state.end).toEqual({ outcome: 'default', step: 'b' });
  });

  it('is ended when its steps are used up', () => {
    const document = documentOf({ a: { type: 'gather', max: 1, next: 'a' } }, { max_steps: 3 });
    expect(goThrough(document, keyed('1'), keyed('1')).command).toBeDefined();
    expect(goThrough(document, keyed('1'), keyed('1'), keyed('1')).state.end).toEqual({
      outcome: 'too_many_steps',
      step: 'a',
    });
  });

  it('fails a step whose variable does not fit', () => {
    const document = documentOf({
      a: { type: 'gather', max: 9, next: 'b' },
      b: { type: 'say', as: 'weekday', value: '{{digits}}', on: { failed: 'c' } },
      c: { type: 'conference', name: '{{room}}' },
    });
    const turn = goThrough(document, keyed('9'));
    expect(turn.command).toBeUndefined();
    expect(turn.taken.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['a', 'matched'],
      ['b', 'failed'],
      ['c', 'failed'],
    ]);
  });

  it('asks again after a take-over, under the same number', () => {
    const before = goThrough(menu, done);
    const again = resumeFlow(menu, before.state);
    expect(again).toEqual(before.taken.length > 0 ? { ...before, taken: [] } : before);
  });
});

describe('sensitive digits', () => {
  const pin = documentOf({
    a: { type: 'gather', max: 4, sensitive: true, into: 'pin', next: 'b' },
    b: { type: 'play', sources: [{ file: 'thanks.wav' }], next: 'c' },
    c: { type: 'branch', variable: 'pin', cases: [{ equals: '8391', next: 'd' }] },
    d: { type: 'webhook', url: 'https://app.example/', send: ['pin'] },
  });

  it('are nowhere in the state', () => {
    const turn = goThrough(pin, keyed('8391'));
    expect(JSON.stringify(turn.state)).not.toContain('8391');
    expect(JSON.stringify(turn.taken)).not.toContain('8391');
    expect(turn.secrets).toEqual({ pin: '8391' });
  });

  it('are compared, and told to the application that is named for it', () => {
    const turn = goThrough(pin, keyed('8391'), done);
    expect(turn.command).toEqual({
      do: 'webhook',
      url: 'https://app.example/',
      question: { step: 'd', variables: { pin: '8391' }, last: { step: 'c', outcome: 'case' } },
    });
    expect(JSON.stringify(turn.state)).not.toContain('8391');
  });

  it('are asked for again when they were lost', () => {
    const { state } = goThrough(pin, keyed('8391'), done);
    const again = resumeFlow(pin, state);
    expect(again.command).toMatchObject({ do: 'gather', sensitive: true });
    const { state: playing } = goThrough(pin, keyed('8391'));
    const on = resumeFlow(pin, playing);
    expect(on.command).toMatchObject({ do: 'play' });
    expect(advanceFlow(pin, on.state, done).command).toMatchObject({ do: 'gather' });
  });

  it('are not told to an application that is not named for them', () => {
    const silent = documentOf({
      a: { type: 'gather', max: 4, sensitive: true, next: 'b' },
      b: { type: 'webhook', url: 'https://app.example/' },
    });
    expect(goThrough(silent, keyed('8391')).command).toMatchObject({ question: { variables: {} } });
  });
});

describe('an application that is asked', () => {
  const asking = documentOf({
    a: { type: 'webhook', url: 'https://app.example/', timeout_s: 3, next: 'b', on: { failed: 'c' } },
    b: { type: 'say', as: 'number', value: '{{balance}}' },
    c: { type: 'play', sources: [{ file: 'sorry.wav' }] },
  });

  it('hears where the call is', () => {
    expect(beginFlow(asking).command).toEqual({
      do: 'webhook',
      url: 'https://app.example/',
      timeout_s: 3,
      question: { step: 'a', variables: {}, last: null },
    });
  });

  it('gives variables, and may name the next step', () => {
    expect(goThrough(asking, answered({ variables: { balance: '1250' } })).command).toEqual({
      do: 'play',
      sources: [{ say: { as: 'number', value: '1250' } }],
    });
    expect(goThrough(asking, answered({ next: 'c' })).state.step).toBe('c');
  });

  it('has failed when it names a step that is not there', () => {
    const turn = goThrough(asking, answered({ next: 'nowhere' }));
    expect([turn.taken[0]?.outcome, turn.state.step]).toEqual(['failed', 'c']);
  });

  const driven = documentOf({ a: { type: 'webhook', url: 'https://app.example/' } });

  it('answers with steps, and is asked again behind the last with its outcome', () => {
    const first = goThrough(
      driven,
      answered({
        steps: [
          { type: 'play', sources: [{ file: 'hello.wav' }] },
          { id: 'pin', type: 'gather', max: 4 },
        ],
      }),
    );
    expect(first.command).toMatchObject({ do: 'play' });
    const second = advanceFlow(driven, first.state, done);
    expect(second.command).toMatchObject({ do: 'gather', max: 4 });
    const third = advanceFlow(driven, second.state, keyed('1234'));
    expect(third.command).toMatchObject({
      do: 'webhook',
      question: { step: 'a', variables: { digits: '1234' }, last: { step: 'pin', outcome: 'matched' } },
    });
    expect(third.state.piece).toBeNull();
    expect(third.state.outcomes).toEqual({ a: 'answered' });
    expect(advanceFlow(driven, third.state, answered({ steps: [] })).state.end).toEqual({
      outcome: 'answered',
      step: 'a',
    });
  });

  it('is asked again at once when one of its steps turns out badly', () => {
    const steps = [{ type: 'gather', max: 1 }, { type: 'hangup' }];
    const turn = goThrough(driven, answered({ steps }), { outcome: 'no_input' });
    expect(turn.command).toMatchObject({
      question: { last: { step: 'answered1', outcome: 'no_input' } },
    });
  });

  it('can not make sensitive digits heard', () => {
    const first = goThrough(
      driven,
      answered({ steps: [{ type: 'gather', max: 4, sensitive: true, into: 'pin' }] }),
    );
    const second = advanceFlow(driven, first.state, keyed('8391'));
    expect(second.command).toMatchObject({ question: { variables: {} } });
    const say = answered({ steps: [{ type: 'say', as: 'digits', value: '{{pin}}' }] });
    expect(advanceFlow(driven, second.state, say, second.secrets).taken[0]?.outcome).toBe('failed');
  });

  it('can not fill the state with variables', () => {
    const many = (from: number) =>
      answered({
        variables: Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`v${from + i}`, ''])),
        steps: [{ type: 'set' }],
      });
    expect(goThrough(driven, many(0), many(32), many(64)).state.end).toMatchObject({
      outcome: 'too_many_variables',
    });
  });

  it.each([
    ['no object', 'hang up', ''],
    ['a step of no type', { steps: [{ type: 'dance' }] }, '/steps/0/type'],
    ['a webhook within', { steps: [{ type: 'webhook', url: 'https://app.example/' }] }, '/steps/0/type'],
    ['next beside steps', { steps: [], next: 'a' }, '/next'],
    [
      'two steps of one name',
      {
        steps: [
          { id: 'x', type: 'hangup' },
          { id: 'x', type: 'hangup' },
        ],
      },
      '/steps',
    ],
    ['33 steps', { steps: Array.from({ length: 33 }, () => ({ type: 'hangup' })) }, '/steps'],
  ])('is not understood with %s', (_what, input, pointer) => {
    const answer = readWebhookAnswer(input);
    expect(answer.ok ? [] : answer.error.map((error) => error.pointer)).toContain(pointer);
  });
});

describe('an application that a flow asks', () => {
  const asking = documentOf({
    a: { type: 'webhook', url: 'https://app.example/', next: 'b', on: { failed: 'c' } },
    b: { type: 'play', sources: [{ file: 'b.wav' }] },
    c: { type: 'reject', status: 486 },
  });
  const hello = { type: 'play', sources: [{ file: 'hello.wav' }] };

  it('may answer with a list of steps and nothing else', () => {
    const turn = goThrough(asking, answered([hello, { type: 'hangup' }]), done);
    expect(turn.state.end).toEqual({ outcome: 'completed', step: 'answered2' });
  });

  it('refuses a caller, with a status', () => {
    const turn = goThrough(asking, answered([{ type: 'reject', status: 404 }]));
    expect(turn).toMatchObject({ status: 404, state: { end: { outcome: 'rejected' } } });
    expect(turn.command).toBeUndefined();
    expect(goThrough(asking, answered([{ type: 'reject' }])).status).toBe(603);
  });

  it('has a way for when it does not answer, which says why', () => {
    const error = { code: 'application_timeout', detail: 'There was none.' } as const;
    const turn = goThrough(asking, { outcome: 'failed', error });
    expect(turn).toMatchObject({
      status: 486,
      taken: [{ step: 'a', outcome: 'failed', error }, { step: 'c' }],
    });
  });

  it('hands the call over to another flow', () => {
    const turn = goThrough(
      asking,
      answered({ variables: { x: '1' }, steps: [{ type: 'flow', flow: 'menu' }] }),
    );
    expect(turn).toMatchObject({ flow: 'menu', state: { taken: 2, end: { outcome: 'handed_over' } } });
    const next = beginFlow(menu, { variables: turn.state.variables, taken: turn.state.taken });
    expect(next.state).toMatchObject({ step: 'a', taken: 3, variables: { x: '1' } });
  });

  it('counts the steps of a flow from where it begins', () => {
    const short = documentOf({ a: { ...hello, next: 'a' } }, { max_steps: 2 });
    let turn = beginFlow(short, { taken: 7 });
    turn = advanceFlow(short, turn.state, done);
    expect(turn.command).toBeDefined();
    turn = advanceFlow(short, turn.state, done);
    expect(turn.state.end?.outcome).toBe('too_many_steps');
  });

  it('sends the call on to another application, which is asked from then on', () => {
    const other = { type: 'redirect', url: 'https://other.example/' };
    let turn = goThrough(asking, answered([{ id: 'away', ...other }]));
    expect(turn.command).toMatchObject({
      do: 'webhook',
      url: 'https://other.example/',
      question: { step: 'away', last: { step: 'a', outcome: 'answered' } },
    });
    turn = goThrough(asking, answered([{ id: 'away', ...other }]), answered([hello]), done);
    expect(turn.command).toMatchObject({
      do: 'webhook',
      url: 'https://other.example/',
      question: { step: 'a' },
    });
    // What is over with is forgotten, however often they send it to and fro.
    expect(Object.keys(turn.state.outcomes)).toEqual(['a']);
  });

  it('is asked again when the other one does not answer', () => {
    const turn = goThrough(asking, answered([{ type: 'redirect', url: 'https://other.example/' }]), {
      outcome: 'failed',
    });
    expect(turn.command).toMatchObject({
      do: 'webhook',
      url: 'https://app.example/',
      question: { step: 'a', last: { outcome: 'failed' } },
    });
  });

  it('lets the document go on when the other one has nothing to say', () => {
    const turn = goThrough(
      asking,
      answered([{ type: 'redirect', url: 'https://other.example/' }]),
      answered({}),
    );
    expect(turn.command).toMatchObject({ do: 'play', sources: [{ file: 'b.wav' }] });
  });

  it('is told where its answer is wrong', () => {
    const pointers = (input: unknown) => {
      const read = readWebhookAnswer(input);
      return read.ok ? [] : read.error.map(({ pointer }) => pointer);
    };
    expect(pointers([hello, { type: 'dance' }])).toEqual(['/1/type']);
    expect(pointers({ steps: [{ type: 'play' }] })).toEqual(['/steps/0/sources']);
    expect(pointers([hello, { type: 'webhook', url: 'https://app.example/' }])).toEqual(['/1/type']);
    expect(pointers([{ type: 'reject', status: 401 }])).toEqual(['/0/status']);
    expect(pointers('hangup')).toEqual(['']);
  });

  it('has no use for a value that does not fit, and says so', () => {
    const turn = beginFlow(documentOf({ a: { type: 'say', as: 'digits', value: '{{missing}}' } }));
    expect(turn.taken).toMatchObject([{ outcome: 'failed', error: { code: 'value_unfit' } }]);
  });
});
