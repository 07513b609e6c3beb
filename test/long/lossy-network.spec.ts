import { callsOverLoss } from '../e2e/support/calls-over-loss';

const CALLS = 1_000;
const REQUIRED = 999;

describe('1,000 calls over a line that loses 10 %, doubles 5 % and delays by up to 50 ms, on both sides', () => {
  it('complete, 999 of them at least, and every transaction runs out (RFC 3261 §17)', async () => {
    const outcome = await callsOverLoss({
      calls: CALLS,
      perSecond: 20,
      seed: 2_000,
      settles: 'calls and transactions',
    });
    process.stdout.write(`lossy network: ${outcome.successful} of ${CALLS} calls\n`);
    expect(outcome.successful).toBeGreaterThanOrEqual(REQUIRED);
    expect(outcome.left).toBe(0);
    expect(outcome.faults).toEqual([]);
  }, 400_000);
});
