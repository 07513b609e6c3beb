import { redisKeys } from './redis-keys';

describe('the keys in Redis', () => {
  const keys = redisKeys('legato:');
  const all = [
    keys.node('x'),
    keys.lease('x'),
    keys.own('x'),
    keys.call('x'),
    keys.appended('x'),
    keys.nonce('x'),
    keys.registration('x'),
    keys.documents('x'),
    keys.registrations,
    keys.registrationsDue,
    keys.nodes,
    keys.ids,
    keys.expiry,
    keys.events,
  ];

  it('all stand under the prefix', () => {
    expect(all.filter((key) => !key.startsWith('legato:'))).toEqual([]);
  });

  it('are all different', () => {
    expect(new Set(all).size).toBe(all.length);
  });

  it('begin as the functions expect that build them from an id', () => {
    expect(keys.call('x')).toBe(`${keys.callPrefix}x`);
    expect(keys.node('x')).toBe(`${keys.nodePrefix}x`);
    expect(keys.lease('x')).toBe(`${keys.leasePrefix}x`);
    expect(keys.own('x')).toBe(`${keys.ownPrefix}x`);
    expect(keys.registration('x')).toBe(`${keys.registrationPrefix}x`);
  });
});
