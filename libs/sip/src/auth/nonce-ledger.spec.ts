import { describeNonceLedger, FakeClock } from '@legato/testing';
import { MemoryNonceLedger } from './nonce-ledger';

describeNonceLedger('in memory', () => {
  const ledger = new MemoryNonceLedger(new FakeClock());
  return Promise.resolve({ here: ledger, elsewhere: ledger });
});

describe('the memory of the nonce ledger', () => {
  it('lets go of nonces that have expired', async () => {
    const clock = new FakeClock();
    const ledger = new MemoryNonceLedger(clock);
    for (let i = 0; i < 100; i++) await ledger.use(`n${i}`, 1, 5_000);
    await ledger.use('later', 1, 20_000);
    clock.advance(10_000);
    await ledger.use('next', 1, 5_000);
    expect(ledger.size).toBe(2);
    expect(await ledger.use('later', 1, 10_000)).toBe(false);
  });

  it('refuses a new nonce when it is full, rather than forget one', async () => {
    const ledger = new MemoryNonceLedger(new FakeClock(), 2);
    expect([await ledger.use('a', 1, 1e5), await ledger.use('b', 1, 1e5)]).toEqual([true, true]);
    expect(await ledger.use('c', 1, 1e5)).toBe(false);
    expect(await ledger.use('a', 1, 1e5)).toBe(false);
    expect(await ledger.use('a', 2, 1e5)).toBe(true);
  });
});
