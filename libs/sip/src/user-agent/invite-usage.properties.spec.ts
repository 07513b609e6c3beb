import { ANSWER, NOTHING_HELD, OFFER, TwoUserAgents } from '@legato/testing';
import type { ScriptedCall } from '@legato/testing';
import fc from 'fast-check';
import type { UsageEvent } from './usage-events';

/** What a transaction user may do at any time, fitting or not. */
const COMMANDS: Readonly<Record<string, (call: ScriptedCall) => void>> = {
  cancel: ({ usage }) => usage.cancel(),
  provisional: ({ usage }) => usage.provisional(180),
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
  command: fc.constantFrom(...Object.keys(COMMANDS), 'wait'),
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

async function play(steps: readonly Step[]): Promise<void> {
  const w = await TwoUserAgents.start();
  const ledger = new Ledger();
  let toLose = 0;
  w.lose = () => toLose-- > 0;
  w.alice.onEvent = dutiful;
  w.bob.onEvent = dutiful;
  const a = w.alice.invite(w.bob.uri, OFFER);
  for (const { end, command, waitMs, loss } of steps) {
    toLose = loss;
    const call = end === 'a' ? a : w.bob.calls[0];
    if (call && command !== 'wait') {
      ledger.note(call, `${end} ${command}`);
      COMMANDS[command]?.(call);
    }
    w.run(waitMs);
  }
  toLose = 0;
  for (const call of [a, ...w.bob.calls]) call.usage.bye();
  w.run(140_000);
  for (const call of [a, ...w.bob.calls]) expectWholeStory(call);
  ledger.expectOutcomes(a, 'a');
  if (w.bob.calls[0]) ledger.expectOutcomes(w.bob.calls[0], 'b');
  expect(w.settle()).toEqual(NOTHING_HELD);
}

describe('whatever is done to two usages, in whatever order', () => {
  it('each ends exactly once and last, gives every request one outcome, and leaves no timer, dialog or transaction', async () => {
    const runs = Number(process.env.PROPERTY_RUNS ?? 300);
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 14 }), play), { numRuns: runs });
  }, 120_000);
});
