import { backOff, retryAfterMs } from './back-off';

describe('the back-off of deliveries', () => {
  it('doubles up to an hour, half of it by chance', () => {
    const longest = [1, 2, 3, 10, 14, 15, 100].map((attempt) => backOff(attempt, () => 1));
    expect(longest).toEqual([500, 1000, 2000, 256_000, 3_600_000, 3_600_000, 3_600_000]);
    expect(backOff(3, () => 0)).toBe(1000);
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['-5', 0],
    ['99999999', 3_600_000],
    ['Sat, 21 Nov 2026 02:31:00 GMT', 60_000],
    ['soon', 0],
    [undefined, 0],
  ])('takes a Retry-After of %s', (header, ms) => {
    expect(retryAfterMs(header, Date.parse('2026-11-21T02:30:00Z'))).toBe(ms);
  });
});
