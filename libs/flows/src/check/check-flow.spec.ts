import { applicationFlow } from '../document/application-flow';
import { checkFlow } from './check-flow';

const flow = (steps: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  name: 'test',
  start: 'a',
  steps,
  ...rest,
});
const play = (rest: Record<string, unknown> = {}) => ({
  type: 'play',
  sources: [{ file: 'a.wav' }],
  ...rest,
});
const gather = (rest: Record<string, unknown> = {}) => ({ type: 'gather', max: 1, ...rest });

/** What is wrong, as "pointer: detail". */
function errorsOf(input: unknown): string[] {
  const checked = checkFlow(input);
  return checked.ok ? [] : checked.error.map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

describe('a flow document', () => {
  it('may be as small as one step', () => {
    expect(errorsOf(flow({ a: { type: 'hangup' } }))).toEqual([]);
  });

  it('takes every type of step', () => {
    const steps = {
      a: play({ next: 'b', loop: 2, barge: true, on: { failed: 'z' } }),
      b: { type: 'say', as: 'money', value: '12.50', language: 'pt-BR', next: 'c' },
      c: gather({
        prompt: [{ silence_ms: 100 }],
        min: 1,
        max: 4,
        term: '#',
        next: 'd',
        on: { no_input: 'z' },
      }),
      d: { type: 'branch', variable: 'digits', cases: [{ equals: '1', next: 'e' }], next: 'f' },
      e: { type: 'set', variables: { x: 'y' }, add: { n: 1 }, next: 'f' },
      f: { type: 'record', what: 'message', max_s: 30, beep: true, next: 'g' },
      g: { type: 'dial', to: 'sip:bob@example.com', on: { busy: 'h', no_answer: 'h' }, next: 'h' },
      h: { type: 'conference', name: 'room-1', muted: true, next: 'i' },
      i: { type: 'webhook', url: 'https://app.example/next', send: ['x'], next: 'z' },
      z: { type: 'hangup' },
    };
    expect(errorsOf(flow(steps, { variables: { n: '0' } }))).toEqual([]);
  });

  it.each([
    ['a start that is not there', flow({ b: play() }), '/start: there is no step a'],
    ['a next that is not there', flow({ a: play({ next: 'b' }) }), '/steps/a/next: there is no step b'],
    [
      'a way of an outcome that is not there',
      flow({ a: gather({ on: { no_match: 'b' } }) }),
      '/steps/a/on/no_match: there is no step b',
    ],
    [
      'a case that leads nowhere',
      flow({ a: { type: 'branch', variable: 'x', cases: [{ equals: '1', next: 'b' }] } }),
      '/steps/a/cases/0/next: there is no step b',
    ],
    [
      'the outcome of no step',
      flow({ a: { type: 'branch', outcome_of: 'b', cases: [{ equals: '1', next: 'a' }] } }),
      '/steps/a/outcome_of: there is no step b',
    ],
    ['a step that nothing leads to', flow({ a: play(), b: play() }), '/steps/b: no step leads here'],
    [
      'a name that every object has',
      flow({ a: play({ next: 'constructor' }) }),
      '/steps/a/next: there is no step constructor',
    ],
    [
      'a loop that waits for nothing',
      flow({
        a: { type: 'set', add: { n: 1 }, next: 'b' },
        b: { type: 'branch', variable: 'n', cases: [{ equals: '9', next: 'a' }] },
      }),
      '/steps/a: is in a loop that waits for nothing',
    ],
  ])('is refused for %s', (_what, document, error) => {
    expect(errorsOf(document)).toContain(error);
  });

  it('is refused for a loop without an exit, unless the author bounds it', () => {
    const steps = { a: play({ next: 'b' }), b: gather({ next: 'a', on: { no_input: 'a' } }) };
    const detail = 'is in a loop without an exit, or leads to one: add an exit, or max_steps';
    expect(errorsOf(flow(steps))).toEqual([`/steps/a: ${detail}`, `/steps/b: ${detail}`]);
    expect(errorsOf(flow(steps, { max_steps: 20 }))).toEqual([]);
    const withExit = { ...steps, b: gather({ next: 'a', on: { no_input: 'c' } }), c: { type: 'hangup' } };
    expect(errorsOf(flow(withExit))).toEqual([]);
  });

  it('may leave steps to an application that names them', () => {
    const webhook = { type: 'webhook', url: 'https://app.example/' };
    expect(errorsOf(flow({ a: webhook, b: play() }))).toEqual([]);
  });

  it.each([
    ['spoken', { type: 'say', as: 'digits', value: '{{pin}}' }, '/steps/b/value'],
    [
      'in a prompt',
      play({ sources: [{ say: { as: 'digits', value: '{{pin}}' } }] }),
      '/steps/b/sources/0/say/value',
    ],
    ['dialed', { type: 'dial', to: '{{pin}}' }, '/steps/b/to'],
    ['a room', { type: 'conference', name: '{{pin}}' }, '/steps/b/name'],
    ['counted', { type: 'set', add: { pin: 1 } }, '/steps/b/add/pin'],
  ])('does not let sensitive digits be %s', (_what, step, pointer) => {
    const steps = { a: gather({ sensitive: true, into: 'pin', next: 'b' }), b: step };
    expect(errorsOf(flow(steps))).toEqual([
      `${pointer}: pin is sensitive: it can be compared or sent to a webhook only`,
    ]);
  });

  it('lets sensitive digits be compared, and sent to an application that is named for it', () => {
    const steps = {
      a: gather({ sensitive: true, into: 'pin', next: 'b' }),
      b: { type: 'branch', variable: 'pin', cases: [{ length: 4, next: 'c' }] },
      c: { type: 'webhook', url: 'https://app.example/', send: ['pin'] },
    };
    expect(errorsOf(flow(steps))).toEqual([]);
  });

  it.each([
    ['no object', 7, ''],
    ['an unknown type', flow({ a: { type: 'dance' } }), '/steps/a/type'],
    ['an unknown member', flow({ a: play({ volume: 1 }) }), '/steps/a/volume'],
    ['a name with a slash', flow({ 'a/b': play() }), '/steps/a~1b'],
    ['no step', flow({}), '/start'],
    ['a gather that nothing ends', flow({ a: { type: 'gather' } }), '/steps/a/max'],
    ['a pattern with a maximum', flow({ a: gather({ pattern: 'xx' }) }), '/steps/a/pattern'],
    ['more at least than at most', flow({ a: gather({ min: 2 }) }), '/steps/a/min'],
    ['a value of another kind', flow({ a: { type: 'say', as: 'weekday', value: '8' } }), '/steps/a/value'],
    [
      'a placeholder within a text',
      flow({ a: { type: 'say', as: 'digits', value: '1{{x}}' } }),
      '/steps/a/value',
    ],
    ['a placeholder within a URI', flow({ a: { type: 'dial', to: 'sip:{{x}}@example.com' } }), '/steps/a/to'],
    ['a file outside', flow({ a: play({ sources: [{ file: '../a.wav' }] }) }), '/steps/a/sources/0/file'],
    ['a script for a URL', flow({ a: { type: 'webhook', url: 'javascript:alert(1)' } }), '/steps/a/url'],
    [
      'a case without a condition',
      flow({ a: { type: 'branch', variable: 'x', cases: [{ next: 'a' }] } }),
      '/steps/a/cases/0',
    ],
    [
      'too many variables',
      flow(
        { a: play() },
        { variables: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`v${i}`, ''])) },
      ),
      '/variables',
    ],
  ])('is refused for %s', (_what, document, pointer) => {
    const checked = checkFlow(document);
    expect(checked.ok ? [] : checked.error.map((error) => error.pointer)).toContain(pointer);
  });

  it('is refused with 201 steps, and has fifty errors at most', () => {
    const steps = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`s${i}`, play()]));
    expect(errorsOf(flow(steps, { start: 's0' }))).toEqual(['/steps: at most 200 steps']);
    delete steps['s200'];
    expect(errorsOf(flow(steps, { start: 's0' }))).toHaveLength(50);
  });
});

describe('the flow of an application that decides everything', () => {
  it.each([{}, { timeout_s: 3, fallback: { flow: 'menu' } }, { fallback: { status: 486 } }])(
    'is one that could be stored: %j',
    (options) => {
      const document = applicationFlow({ url: 'https://app.example/calls', ...options });
      expect(checkFlow(document)).toEqual({ ok: true, value: document });
    },
  );
});
