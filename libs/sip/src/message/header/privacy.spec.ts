import { Headers } from '../headers';
import { decodePrivacy, encodePrivacy, hidesIdentity } from './privacy';

describe('Privacy (RFC 3323 §4.2, RFC 3325 §9.3)', () => {
  it('is a list with semicolons, or commas', () => {
    const headers = new Headers([['Privacy', 'Header; ID,critical;']]);
    expect(decodePrivacy(headers)).toEqual(['header', 'id', 'critical']);
    expect([hidesIdentity(headers), hidesIdentity(new Headers([['Privacy', 'none']]))]).toEqual([
      true,
      false,
    ]);
    expect(encodePrivacy(['id', 'critical'])).toBe('id;critical');
  });
});
