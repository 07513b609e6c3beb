import fc from 'fast-check';
import { checkFlow } from '../check/check-flow';
import { OUTCOMES } from '../document/step-ways';
import type { FlowCommand } from './flow-command';
import type { FlowOutcome, FlowTurn } from './flow-machine';
import { advanceFlow, beginFlow, resumeFlow } from './flow-machine';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
/** Digits that stand nowhere by chance. */
const SECRET = '60482739';

const name = fc.constantFrom(...NAMES);
const next = fc.option(name, { nil: undefined });
const on = (...outcomes: string[]) =>
  fc.record(Object.fromEntries(outcomes.map((outcome) => [outcome, next])), { requiredKeys: [] });

const step = fc.oneof(
  fc.record({ type: fc.constant('play'), sources: fc.constant([{ file: 'a.wav' }]), next, on: on('failed') }),
  fc.record({
    type: fc.constant('gather'),
    max: fc.constant(8),
    sensitive: fc.boolean(),
    into: fc.constantFrom('digits', 'pin'),
    next,
    on: on('no_input', 'no_match', 'failed'),
  }),
  fc.record({
    type: fc.constant('branch'),
    variable: fc.constantFrom('digits', 'pin', 'n'),
    cases: fc.constant([{ length: 8, next: 'a' }]),
    next,
  }),
  fc.record({ type: fc.constant('set'), add: fc.constant({ n: 1 }), next }),
  fc.record({
    type: fc.constant('say'),
    as: fc.constant('digits'),
    value: fc.constantFrom('{{digits}}', '{{pin}}', '7'),
    next,
  }),
  fc.record({
    type: fc.constant('webhook'),
    url: fc.constant('https://app.example/'),
    send: fc.constantFrom(['pin'], []),
    next,
  }),
  fc.record({
    type: fc.constant('redirect'),
    url: fc.constant('https://other.example/'),
    on: on('failed'),
  }),
  fc.record({ type: fc.constant('flow'), flow: fc.constant('other') }),
  fc.record({ type: fc.constant('reject'), status: fc.constant(486) }),
  fc.record({ type: fc.constant('hangup') }),
);

/** Documents of all kinds, most of them with something wrong. */
const documents = fc.tuple(step, step, step, step, step).map((steps) => ({
  name: 'test',
  start: 'a',
  max_steps: 40,
  // JSON has no undefined.
  steps: JSON.parse(JSON.stringify(Object.fromEntries(NAMES.map((each, at) => [each, steps[at]])))) as object,
}));

const TYPES: Readonly<Record<FlowCommand['do'], keyof typeof OUTCOMES>> = {
  play: 'play',
  gather: 'gather',
  record: 'record',
  dial: 'dial',
  conference: 'conference',
  webhook: 'webhook',
};

function outcomeOf(command: FlowCommand, choice: number): FlowOutcome {
  const { good, bad } = OUTCOMES[TYPES[command.do]];
  const all = [...good, ...bad];
  const outcome = all[choice % all.length] ?? 'failed';
  if (outcome === 'answered') return { outcome, answer: { variables: { n: '1' } } };
  return outcome === 'matched' ? { outcome, digits: SECRET } : { outcome };
}

describe('any flow that is valid', () => {
  it('ends after as many steps as may be, and keeps what is sensitive out of its state', () => {
    let valid = 0;
    fc.assert(
      fc.property(
        documents,
        fc.array(fc.nat(5), { minLength: 40, maxLength: 40 }),
        fc.nat(39),
        (input, choices, dies) => {
          const checked = checkFlow(input);
          if (!checked.ok) return;
          valid += 1;
          const document = checked.value;
          let turn: FlowTurn = beginFlow(document);
          for (const [at, choice] of choices.entries()) {
            if (!turn.command) break;
            // Now and then the process dies: what was in memory only is lost.
            if (at === dies)
              turn = resumeFlow(document, JSON.parse(JSON.stringify(turn.state)) as FlowTurn['state']);
            if (!turn.command) break;
            turn = advanceFlow(document, turn.state, outcomeOf(turn.command, choice), turn.secrets);
            for (const variable of Object.keys(turn.state.secrets)) {
              expect(turn.state.variables).not.toHaveProperty(variable);
            }
            expect(turn.state.taken).toBeLessThanOrEqual(40);
          }
          expect(turn.command === undefined).toBe(turn.state.end !== null);
          if (!Object.values(document.steps).some((each) => each.type === 'gather' && !each.sensitive)) {
            expect(JSON.stringify([turn.state, turn.taken])).not.toContain(SECRET);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(valid).toBeGreaterThan(20);
  });
});
