import type { FlowDocument } from '@legato/flows';
import { checkFlow } from '@legato/flows';
import { decodeMsml } from '@legato/msml';
import { simulateFlow } from './run-flow-simulation';

function documentOf(steps: Record<string, unknown>): FlowDocument {
  const checked = checkFlow({ name: 'test', start: 'a', steps });
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return checked.value;
}

const menu = documentOf({
  a: { type: 'play', sources: [{ file: 'welcome.wav' }], next: 'ask' },
  ask: {
    type: 'gather',
    prompt: [{ file: 'menu.wav' }],
    max: 2,
    term: '#',
    retries: 1,
    next: 'which',
    on: { no_input: 'bye' },
  },
  which: { type: 'branch', variable: 'digits', cases: [{ equals: '1', next: 'agent' }], next: 'message' },
  agent: { type: 'dial', to: 'sip:agent@example.com', on: { busy: 'message' } },
  message: { type: 'record', max_s: 30, beep: true, next: 'bye' },
  bye: { type: 'hangup' },
});

const taken = (document: FlowDocument, script: Parameters<typeof simulateFlow>[1]) =>
  simulateFlow(document, script).steps.map(({ step, outcome }) => `${step}: ${outcome}`);

describe('a simulated flow', () => {
  it('has each step with its requests to the media server', () => {
    const { steps, outcome, variables } = simulateFlow(menu, { digits: ['2#'] });
    expect(outcome).toBe('completed');
    expect(variables).toEqual({ digits: '2', recording: 'rec_4' });
    expect(steps.map(({ step, type, outcome: how, msml }) => [step, type, how, msml.length])).toEqual([
      ['a', 'play', 'completed', 1],
      ['ask', 'gather', 'matched', 1],
      ['which', 'branch', 'default', 0],
      ['message', 'record', 'completed', 1],
      ['bye', 'hangup', 'completed', 0],
    ]);
    expect(steps[0]?.msml[0]).toContain('<audio uri="file://welcome.wav"/>');
    for (const body of steps.flatMap(({ msml }) => msml)) {
      expect(decodeMsml(Buffer.from(body))).toMatchObject({ ok: true, value: { kind: 'request' } });
    }
  });

  it.each([
    ['a digit and the key', ['1#'], 'matched'],
    ['all digits that may be', ['12'], 'matched'],
    ['one digit too many', ['123', '12'], 'matched'],
    ['nothing', [null], 'no_input'],
    ['nothing at all', [], 'no_input'],
    ['nothing, and then a digit', [null, '2#'], 'matched'],
    ['too few digits', ['1'], 'no_input'],
    ['two wrong inputs', ['1', '#'], 'no_match'],
  ])('takes %s', (_what, digits, outcome) => {
    expect(taken(menu, { digits })).toContain(`ask: ${outcome}`);
  });

  it('has one request for each time that digits are asked for', () => {
    const { steps } = simulateFlow(menu, { digits: [null, '2#'] });
    const { msml = [] } = steps.find(({ step }) => step === 'ask') ?? {};
    expect(msml.map((body) => /name="(collect_[^"]+)"/.exec(body)?.[1])).toEqual([
      'collect_2.1',
      'collect_2.2',
    ]);
  });

  it('lets others do what the script says', () => {
    expect(taken(menu, { digits: ['1#'], outcomes: { agent: ['busy'] } })).toEqual([
      'a: completed',
      'ask: matched',
      'which: case',
      'agent: busy',
      'message: completed',
      'bye: completed',
    ]);
    expect(taken(menu, { digits: ['1#'] }).at(-1)).toBe('agent: completed');
    expect(taken(menu, { digits: [], outcomes: { a: ['failed'] } })).toEqual(['a: failed']);
  });

  it('asks applications of the script', () => {
    const asking = documentOf({
      a: { type: 'webhook', url: 'https://app.example/', next: 'b' },
      b: { type: 'say', as: 'digits', value: '{{code}}' },
    });
    const script = { digits: [], answers: { a: [{ variables: { code: '42' } }] } };
    expect(simulateFlow(asking, script).steps.at(-1)?.msml[0]).toContain('<var type="digits" value="42"/>');
    expect(taken(asking, { digits: [] })).toEqual(['a: failed']);
    expect(taken(asking, { digits: [], answers: { a: [7] } })).toEqual(['a: failed']);
  });

  it('silences recordings while sensitive digits are keyed, which it keeps to itself', () => {
    const secret = documentOf({
      a: { type: 'record', what: 'call', next: 'b' },
      b: { type: 'gather', max: 4, sensitive: true, into: 'pin', next: 'c' },
      c: { type: 'branch', variable: 'pin', cases: [{ equals: '8391', next: 'd' }] },
      d: { type: 'dial', to: 'sip:bob@example.com' },
    });
    const simulation = simulateFlow(secret, { digits: ['8391'] });
    expect(simulation.steps.map(({ outcome }) => outcome)).toEqual([
      'started',
      'matched',
      'case',
      'completed',
    ]);
    const [mix, gather, , dial] = simulation.steps.map(({ msml }) => msml);
    expect(mix?.[0]).toMatch(/<createconference name="call"[\s\S]*<dialogstart target="conf:call"/);
    expect(gather?.[0]).toMatch(/<send event="pause\.silence\.sensitive"[\s\S]*<dialogstart/);
    expect(gather?.[1]).toContain('<send event="resume"');
    expect(dial?.[0]).toContain('<join id1="conn:callee" id2="conf:call"');
    expect(JSON.stringify(simulation)).not.toContain('8391');
  });
});
