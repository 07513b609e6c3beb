import { decodeReferTo, encodeReferTo } from './refer-to';

describe('Refer-To (RFC 3515 §2.1, RFC 3891 §4)', () => {
  it('names target and method', () => {
    expect(decodeReferTo('sip:alice@atlanta.example.com')).toEqual({
      uri: 'sip:alice@atlanta.example.com',
      method: 'INVITE',
    });
    expect(decodeReferTo('<sip:carol@cleveland.example.org;method=SUBSCRIBE>')?.method).toBe('SUBSCRIBE');
  });

  it('finds the dialog to replace', () => {
    const value = decodeReferTo(
      '"D" <sip:dave@denver.example.org?a=b&Replaces=12345%40192.168.118.3%3Bto-tag%3D12%3Bfrom-tag%3D5FFE>',
    );
    expect(value).toEqual({
      uri: 'sip:dave@denver.example.org',
      method: 'INVITE',
      replaces: { callId: '12345@192.168.118.3', toTag: '12', fromTag: '5FFE', earlyOnly: false },
    });
    expect(value && decodeReferTo(encodeReferTo(value))).toEqual(value);
  });

  it('goes without what it can not read', () => {
    expect(decodeReferTo('<sip:a@b?Replaces=%ff>')).toEqual({ uri: 'sip:a@b', method: 'INVITE' });
    expect(decodeReferTo('<sip:a@b?x=y>')).toEqual({ uri: 'sip:a@b', method: 'INVITE' });
    expect(encodeReferTo({ uri: 'sip:a@b', method: 'INVITE' })).toBe('<sip:a@b>');
  });

  it.each(['', 'alice', '<sip:%@a>', '<sip:a'])('refuses %j', (text) => {
    expect(decodeReferTo(text)).toBeUndefined();
  });
});
