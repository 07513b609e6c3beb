import { decodeSessionExpires, encodeSessionExpires } from './session-expires';

describe('Session-Expires (RFC 4028 §4)', () => {
  it.each([
    ['1800', { seconds: 1800 }],
    ['120;refresher=uas', { seconds: 120, refresher: 'uas' }],
    ['4000 ; Refresher = UAC;x', { seconds: 4000, refresher: 'uac' }],
  ])('reads %s', (text, value) => {
    expect(decodeSessionExpires(text)).toEqual(value);
  });

  it.each(['', 'x', '-1', '1;', '1;refresher', '1;refresher=me', '99999999999'])('refuses %j', (text) => {
    expect(decodeSessionExpires(text)).toBeUndefined();
  });

  it('writes what it read', () => {
    expect(encodeSessionExpires({ seconds: 90 })).toBe('90');
    expect(encodeSessionExpires({ seconds: 90, refresher: 'uac' })).toBe('90;refresher=uac');
  });
});
