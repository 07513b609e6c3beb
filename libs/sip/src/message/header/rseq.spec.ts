import { decodeRSeq, encodeRSeq } from './rseq';

describe('RSeq (RFC 3262 §7.1)', () => {
  it('is a number from 1 to 2^32 - 1', () => {
    expect(['1', '988789', '4294967295', '0', '4294967296', '', 'x'].map(decodeRSeq)).toEqual([
      1,
      988789,
      4294967295,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(encodeRSeq(2)).toBe('2');
  });
});
