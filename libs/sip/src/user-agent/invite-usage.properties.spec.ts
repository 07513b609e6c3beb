import { ANSWER, NOTHING_HELD, OFFER, TwoUserAgents } from '@legato/testing';
import type { ScriptedCall, ScriptedUserAgent, TwoUserAgentsOptions } from '@legato/testing';
import fc from 'fast-check';
import { InviteUsage } from './invite-usage';
import type { UsageEvent } from './usage-events';
import type { InviteUsageState } from './usage-state';

/** What a transaction user may do at any time, fitting or not. */
const COMMANDS: Readonly<Record<string, (call: ScriptedCall) => void>> = {
  cancel: ({ usage }) => usage.cancel(),
  provisional: ({ usage }) => usage.provisional(180),
  early: ({ usage }) => usage.provisional(183, ANSWER),
  acknowledgeProvisional: ({ usage }) => usage.acknowledgeProvisional(ANSWER),
  accept: ({ usage }) => usage.accept(ANSWER),
  refuse: ({ usage }) => usage.refuse(486),
  acknowledge: ({ usage }) => usage.acknowledge(),
  reinvite: ({ usage }) => usage.reinvite(OFFER),
  info: ({ usage }) => usage.request('INFO', 'token', OFFER),
  update: ({ usage }) => usage.request('UPDATE', 'token', OFFER),
  bye: ({ usage }) => usage.bye(),
};

interface Step {
  readonly end: 'a' | 'b';
  readonly command: string;
  readonly waitMs: number;
  readonly loss: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  end: fc.constantFrom('a' as const, 'b' as const),
  command: fc.constantFrom(...Object.keys(COMMANDS), 'wait', 'reload'),
  waitMs: fc.constantFrom(0, 0, 1, 10, 20, 600, 5_000, 33_000),
  loss: fc.constantFrom(0, 0, 0, 1, 2),
});

/** A TU that does its duty: acknowledges, answers, hangs up when no ACK came. */
function dutiful(call: ScriptedCall, event: UsageEvent): void {
  const { usage } = call;
  if (event.type === 'accepted') usage.acknowledge();
  if (event.type === 'no ack') usage.bye();
  if (event.type === 're-INVITE') usage.answerReinvite(event.transactionKey, 200, ANSWER);
  if (event.type === 'request') usage.respond(event.transactionKey, 200);
}

const count = (call: ScriptedCall, type: UsageEvent['type']): number =>
  call.events.filter((event) => event.type === type).length;

function expectWholeStory(call: ScriptedCall): void {
  expect(call.told.filter((line) => line.startsWith('ended'))).toHaveLength(1);
  expect(call.events.at(-1)?.type).toBe('ended');
  expect(call.usage.state).toMatchObject({ phase: 'Ended', timers: {} });
  const initial = call.events.filter(
    (event) => (event.type === 'accepted' || event.type === 'refused') && event.purpose === 'INVITE',
  );
  expect(initial.length).toBeLessThanOrEqual(1);
  expect(count(call, 'bye') + count(call, 'cancelled')).toBeLessThanOrEqual(1);
}

/** As if from the store: the state is all there is of a usage. */
function reload(call: ScriptedCall, { runner }: ScriptedUserAgent): void {
  const state = JSON.parse(JSON.stringify(call.usage.state)) as InviteUsageState;
  call.usage = InviteUsage.restored(runner.output, state);
}

/** What each call was asked and what it answered: one outcome for each. */
class Ledger {
  private readonly asked = new Map<string, number>();

  note(call: ScriptedCall, what: string): void {
    if (!call.hasEnded) this.asked.set(`${what}`, (this.asked.get(what) ?? 0) + 1);
  }

  expectOutcomes(call: ScriptedCall, end: string): void {
    const results = call.events.filter(
      (event) => (event.type === 'accepted' || event.type === 'refused') && event.purpose === 're-INVITE',
    );
    expect(results).toHaveLength(this.asked.get(`${end} reinvite`) ?? 0);
    const requests = (this.asked.get(`${end} info`) ?? 0) + (this.asked.get(`${end} update`) ?? 0);
    expect(count(call, 'answered')).toBe(requests);
  }
}

interface Setting {
  readonly reliable: boolean;
  readonly timers: boolean;
  readonly offers: boolean;
}

const setting: fc.Arbitrary<Setting> = fc.record({
  reliable: fc.boolean(),
  timers: fc.boolean(),
  offers: fc.boolean(),
});

function optionsFor({ reliable, timers }: Setting): TwoUserAgentsOptions {
  const supported = reliable ? ['100rel', 'timer'] : ['timer'];
  const sessionTimer = timers ? { sessionTimer: { intervalS: 90, minSeS: 90 } } : {};
  const end = { supported, runner: { supported: reliable ? ['100rel'] : [], ...sessionTimer } };
  return { alice: end, bob: end };
}

/** What the steps are done to. */
interface Stage {
  readonly w: TwoUserAgents;
  readonly ledger: Ledger;
  readonly a: ScriptedCall;
}

function take({ w, ledger, a }: Stage, { end, command }: Step): void {
  const call = end === 'a' ? a : w.bob.calls[0];
  if (!call || command === 'wait') return;
  if (command === 'reload') {
    reload(call, end === 'a' ? w.alice : w.bob);
    return;
  }
  ledger.note(call, `${end} ${command}`);
  COMMANDS[command]?.(call);
}

async function play(steps: readonly Step[], how: Setting): Promise<void> {
  const w = await TwoUserAgents.start(optionsFor(how));
  let toLose = 0;
  w.lose = () => toLose-- > 0;
  w.alice.onEvent = dutiful;
  w.bob.onEvent = dutiful;
  const stage = { w, ledger: new Ledger(), a: w.alice.invite(w.bob.uri, how.offers ? OFFER : undefined) };
  for (const step of steps) {
    toLose = step.loss;
    take(stage, step);
    w.run(step.waitMs);
  }
  toLose = 0;
  expectEnd(stage);
}

function expectEnd({ w, ledger, a }: Stage): void {
  const [b, ...others] = w.bob.calls;
  const calls = [a, ...(b ? [b] : []), ...others];
  for (const call of calls) call.usage.bye();
  w.run(140_000);
  for (const call of calls) expectWholeStory(call);
  ledger.expectOutcomes(a, 'a');
  if (b) ledger.expectOutcomes(b, 'b');
  expect(w.settle()).toEqual(NOTHING_HELD);
}

describe('whatever is done to two usages, in whatever order', () => {
  it('each ends exactly once and last, gives every request one outcome, and leaves no timer, dialog or transaction', async () => {
    const runs = Number(process.env.PROPERTY_RUNS ?? 300);
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 14 }), setting, play), { numRuns: runs });
  }, 120_000);
});
