import { FakeClock } from '@legato/testing';
import type { MediaServer } from './weighted-pool';
import { WeightedPool } from './weighted-pool';

const server = (id: string, more: Partial<MediaServer> = {}): MediaServer => ({
  id,
  uri: `sip:${id}`,
  dialect: 'rfc',
  weight: 1,
  ...more,
});

function poolOf(...servers: MediaServer[]) {
  const clock = new FakeClock();
  const pool = new WeightedPool(servers, clock);
  const chosen = (count: number) => Array.from({ length: count }, () => pool.choose([])?.uri);
  return { clock, pool, chosen };
}

describe('the choice of a media server', () => {
  it('goes round, and tells its dialect', () => {
    const { pool, chosen } = poolOf(server('a', { dialect: 'xms' }), server('b'));
    expect(pool.choose([])).toMatchObject({ uri: 'sip:a', dialect: 'xms' });
    expect(chosen(3)).toEqual(['sip:b', 'sip:a', 'sip:b']);
  });

  it('gives each its share by weight, spread out', () => {
    const { chosen } = poolOf(server('a', { weight: 3 }), server('b'), server('c'));
    expect(chosen(10).filter((uri) => uri === 'sip:a')).toHaveLength(6);
    const { chosen: again } = poolOf(server('a', { weight: 3 }), server('b'), server('c'));
    expect(again(5)).toEqual(['sip:a', 'sip:b', 'sip:a', 'sip:c', 'sip:a']);
  });

  it('leaves out what failed this call, to the last', () => {
    const { pool } = poolOf(server('a'), server('b'));
    expect(pool.choose(['sip:a'])?.uri).toBe('sip:b');
    expect(pool.choose(['sip:a', 'sip:b'])).toBeUndefined();
  });

  it('passes over a server that failed for ten seconds, but takes it when no other is left', () => {
    const { clock, pool, chosen } = poolOf(server('a'), server('b'));
    pool.reportFailure('sip:a');
    expect(chosen(2)).toEqual(['sip:b', 'sip:b']);
    expect(pool.choose(['sip:b'])?.uri).toBe('sip:a');
    clock.advance(10_000);
    expect(new Set(chosen(2))).toEqual(new Set(['sip:a', 'sip:b']));
    pool.reportFailure('sip:a');
    pool.reportSuccess('sip:a');
    expect(new Set(chosen(2))).toEqual(new Set(['sip:a', 'sip:b']));
  });

  it('takes none that is down, and none at all when all are', () => {
    const { pool, chosen } = poolOf(server('a'), server('b'));
    pool.setWorks('sip:a', false);
    expect(chosen(2)).toEqual(['sip:b', 'sip:b']);
    pool.setWorks('sip:b', false);
    expect([chosen(1), pool.takesWork]).toEqual([[undefined], false]);
    pool.setWorks('sip:a', true);
    expect([chosen(1), pool.takesWork]).toEqual([['sip:a'], true]);
    pool.setDrains('sip:b', true);
    expect(pool.standings().map(({ state }) => state)).toEqual(['up', 'down']);
  });

  it('counts connections, and takes none beyond the capacity', () => {
    const { pool, chosen } = poolOf(server('a', { capacity: 2 }), server('b'));
    pool.hold('sip:a', 'call_1/1');
    pool.hold('sip:a', 'call_1/1');
    pool.hold('sip:a', 'call_1/2');
    pool.hold('sip:gone', 'call_2/1');
    expect(pool.standings().map(({ connections }) => connections)).toEqual([2, 0]);
    expect(chosen(2)).toEqual(['sip:b', 'sip:b']);
    expect(pool.choose(['sip:b'])).toBeUndefined();
    pool.release('call_1/2');
    pool.release('call_1/2');
    pool.release('call_2/1');
    expect(pool.choose(['sip:b'])?.uri).toBe('sip:a');
    expect(pool.standings().map(({ connections }) => connections)).toEqual([1, 0]);
  });

  it('gives nothing new to one that drains, but what belongs to what it has', () => {
    const { pool, chosen } = poolOf(server('a'), server('b'));
    pool.setDrains('sip:a', true);
    expect(pool.standings().map(({ state }) => state)).toEqual(['draining', 'down']);
    pool.setWorks('sip:b', true);
    expect(pool.standings().map(({ state }) => state)).toEqual(['draining', 'up']);
    expect(chosen(2)).toEqual(['sip:b', 'sip:b']);
    expect(pool.choose([], 'sip:a')?.uri).toBe('sip:a');
    pool.setDrains('sip:a', false);
    expect(new Set(chosen(2))).toEqual(new Set(['sip:a', 'sip:b']));
  });

  it('keeps what belongs together at one server, unless that is down or failed the call', () => {
    const { pool } = poolOf(server('a'), server('b', { capacity: 1 }));
    expect([1, 2, 3].map(() => pool.choose([], 'sip:b')?.uri)).toEqual(['sip:b', 'sip:b', 'sip:b']);
    expect(pool.choose(['sip:b'], 'sip:b')?.uri).toBe('sip:a');
    pool.setWorks('sip:b', false);
    expect(pool.choose([], 'sip:b')?.uri).toBe('sip:a');
    pool.setWorks('sip:b', true);
    pool.hold('sip:b', 'call_1/1');
    expect(pool.choose([], 'sip:b')?.uri).toBe('sip:a');
    expect(pool.choose([], 'sip:unknown')?.uri).toBe('sip:a');
  });

  it('knows nothing of others', () => {
    const { pool } = poolOf();
    pool.reportFailure('sip:x');
    pool.reportSuccess('sip:x');
    expect([pool.choose([]), pool.find('sip:x')]).toEqual([undefined, undefined]);
  });
});
