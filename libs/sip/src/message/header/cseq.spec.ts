import { decodeCSeq, encodeCSeq } from './cseq';

describe('CSeq (§20.16)', () => {
  it.each([
    ['4711 INVITE', { number: 4711, method: 'INVITE' }],
    ['0009 \t INVITE', { number: 9, method: 'INVITE' }],
    ['4294967295 x', { number: 4294967295, method: 'x' }],
  ])('reads %s', (text, value) => {
    expect(decodeCSeq(text)).toEqual(value);
  });

  it.each(['', '1', '1 ', ' 1 INVITE', 'INVITE', '4294967296 INVITE', '-1 A', '1.5 A', '1 A B', '1 A,B'])(
    'refuses %j',
    (text) => {
      expect(decodeCSeq(text)).toBeUndefined();
    },
  );

  it('writes number and method', () => {
    expect(encodeCSeq({ number: 1, method: 'ACK' })).toBe('1 ACK');
  });
});
