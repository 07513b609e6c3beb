import { FakeClock } from '@legato/testing';
import { RoundRobinPool } from './round-robin-pool';

describe('the choice of a media server', () => {
  it('goes round', () => {
    const pool = new RoundRobinPool(['sip:a', 'sip:b'], new FakeClock());
    const chosen = [1, 2, 3].map(() => pool.choose([])?.uri);
    expect(chosen).toEqual(['sip:a', 'sip:b', 'sip:a']);
  });

  it('leaves out what failed this call, to the last', () => {
    const pool = new RoundRobinPool(['sip:a', 'sip:b'], new FakeClock());
    expect(pool.choose(['sip:a'])?.uri).toBe('sip:b');
    expect(pool.choose(['sip:a', 'sip:b'])).toBeUndefined();
  });

  it('passes over a server that failed for ten seconds, but takes it when no other is left', () => {
    const clock = new FakeClock();
    const pool = new RoundRobinPool(['sip:a', 'sip:b'], clock);
    pool.reportFailure('sip:a');
    expect([pool.choose([])?.uri, pool.choose([])?.uri]).toEqual(['sip:b', 'sip:b']);
    expect(pool.choose(['sip:b'])?.uri).toBe('sip:a');
    clock.advance(10_000);
    expect(new Set([pool.choose([])?.uri, pool.choose([])?.uri])).toEqual(new Set(['sip:a', 'sip:b']));
  });
});
