import { callsOverLoss } from './support/calls-over-loss';

const CALLS = 60;

describe('calls over a line that loses 10 %, doubles 5 % and delays by up to 50 ms, on both sides', () => {
  it('complete, all of them, and leave nothing behind (RFC 3261 §17.1, §13.3.1.4)', async () => {
    const outcome = await callsOverLoss({ calls: CALLS, perSecond: 30, seed: 20, settles: 'calls' });
    expect(outcome.successful).toBe(CALLS);
    expect(outcome.left).toBe(0);
    expect(outcome.faults).toEqual([]);
    for (const { lost, duplicated, forwarded } of [outcome.line.caller, outcome.line.callee]) {
      expect(forwarded).toBeGreaterThan(4 * CALLS);
      expect(lost).toBeGreaterThan(CALLS / 4);
      expect(duplicated).toBeGreaterThan(CALLS / 10);
    }
  }, 120_000);
});
