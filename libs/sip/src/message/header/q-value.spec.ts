import { decodeQValue, encodeQValue } from './q-value';

describe('qvalue (§25.1)', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['0.7', 0.7],
    ['0.123', 0.123],
    ['1.000', 1],
    ['.5', 0.5],
    ['1.', 1],
  ])('%s', (text, value) => {
    expect(decodeQValue(text)).toBe(value);
  });

  it.each([undefined, '', '.', '1.1', '2', '-1', '0.1234', 'x', '0.5.5', '1e0'])('refuses %j', (text) => {
    expect(decodeQValue(text)).toBeUndefined();
  });

  it('writes three decimals at most', () => {
    expect([encodeQValue(0.12345), encodeQValue(1)]).toEqual(['0.123', '1']);
  });
});
