import { decodeMaxForwards, encodeMaxForwards } from './max-forwards';

describe('Max-Forwards (§20.22)', () => {
  it('is 0 to 255, leading zeros allowed', () => {
    expect(['0', '70', '0068', '255', '256', '-1', '', '1 2'].map(decodeMaxForwards)).toEqual([
      0,
      70,
      68,
      255,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(encodeMaxForwards(69)).toBe('69');
  });
});
