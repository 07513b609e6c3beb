import { decodeSubscriptionState, encodeSubscriptionState } from './subscription-state';

describe('Subscription-State (RFC 6665 §8.2.3)', () => {
  it.each([
    ['active;expires=3600', { state: 'active', expires: 3600 }],
    ['Terminated ;reason=Timeout;retry-after=5', { state: 'terminated', reason: 'timeout', retryAfter: 5 }],
    ['pending', { state: 'pending' }],
  ])('reads %s', (text, value) => {
    expect(decodeSubscriptionState(text)).toEqual(value);
  });

  it('refuses what is none, and writes what it read', () => {
    expect(decodeSubscriptionState('active;')).toBeUndefined();
    expect(encodeSubscriptionState({ state: 'terminated', reason: 'noresource', retryAfter: 1 })).toBe(
      'terminated;reason=noresource;retry-after=1',
    );
    expect(encodeSubscriptionState({ state: 'active', expires: 60 })).toBe('active;expires=60');
  });
});
