import { decodeReplaces, encodeReplaces } from './replaces';

describe('Replaces (RFC 3891 §6.1)', () => {
  it('names a dialog', () => {
    const value = decodeReplaces('98732@sip.example.com ; from-tag=r33th4x0r;to-tag=ff87ff;early-only');
    expect(value).toEqual({
      callId: '98732@sip.example.com',
      fromTag: 'r33th4x0r',
      toTag: 'ff87ff',
      earlyOnly: true,
    });
    expect(value && decodeReplaces(encodeReplaces(value))).toEqual(value);
    expect(encodeReplaces({ callId: 'a', toTag: 'b', fromTag: 'c', earlyOnly: false })).toBe(
      'a;to-tag=b;from-tag=c',
    );
  });

  it.each(['', 'a', 'a;to-tag=b', 'a;from-tag=b', ';to-tag=a;from-tag=b', 'a;to-tag=;;from-tag=b'])(
    'refuses %j',
    (text) => {
      expect(decodeReplaces(text)).toBeUndefined();
    },
  );
});
