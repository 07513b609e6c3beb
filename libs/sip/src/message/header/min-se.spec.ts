import { decodeMinSE, encodeMinSE, SMALLEST_MIN_SE_SECONDS } from './min-se';

describe('Min-SE (RFC 4028 §5)', () => {
  it('is a number of seconds', () => {
    expect(['90', '3600 ;x=y', '', 'x'].map(decodeMinSE)).toEqual([90, 3600, undefined, undefined]);
    expect(encodeMinSE(SMALLEST_MIN_SE_SECONDS)).toBe('90');
  });
});
