import { decodeRetryAfter, encodeRetryAfter } from './retry-after';

describe('Retry-After (§20.33)', () => {
  it.each([
    ['18000;duration=3600', { seconds: 18000, durationSeconds: 3600 }],
    ["120 (I'm (really) in a meeting \\) )", { seconds: 120 }],
    ['120 (x);duration=5', { seconds: 120, durationSeconds: 5 }],
    ['0', { seconds: 0 }],
  ])('reads %s', (text, value) => {
    expect(decodeRetryAfter(text)).toEqual(value);
  });

  it.each(['', 'soon', '-1', '120 (open', '120 x', '949302838503028349304023988'])(
    'refuses %j (RFC 4475 §3.1.2.5)',
    (text) => {
      expect(decodeRetryAfter(text)).toBeUndefined();
    },
  );

  it('writes what it read', () => {
    expect(encodeRetryAfter({ seconds: 5 })).toBe('5');
    expect(encodeRetryAfter({ seconds: 5, durationSeconds: 6 })).toBe('5;duration=6');
  });
});
