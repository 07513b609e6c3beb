import { decodeRAck, encodeRAck } from './rack';

describe('RAck (RFC 3262 §7.2)', () => {
  it('names response number, CSeq and method', () => {
    const value = decodeRAck('776656  1 INVITE');
    expect(value).toEqual({ responseNumber: 776656, cseq: { number: 1, method: 'INVITE' } });
    expect(value && encodeRAck(value)).toBe('776656 1 INVITE');
  });

  it.each(['', '1', '1 1', '0 1 INVITE', 'x 1 INVITE', '1 INVITE 1', '1 1 INVITE x'])(
    'refuses %j',
    (text) => {
      expect(decodeRAck(text)).toBeUndefined();
    },
  );
});
