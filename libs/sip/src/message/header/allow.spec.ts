import { Headers } from '../headers';
import { decodeAllow, encodeAllow } from './allow';

describe('Allow (§20.5)', () => {
  it('is a list of methods, or not said', () => {
    expect(decodeAllow(new Headers([['Allow', 'INVITE,ACK, bye']]))).toEqual(['INVITE', 'ACK', 'bye']);
    expect([decodeAllow(new Headers()), decodeAllow(new Headers([['Allow', '']]))]).toEqual([undefined, []]);
    expect(encodeAllow(['INVITE', 'ACK'])).toBe('INVITE, ACK');
  });
});
