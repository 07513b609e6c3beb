import { decodeEvent, encodeEvent } from './event';

describe('Event (RFC 6665 §8.2.1)', () => {
  it('names package and id', () => {
    const value = decodeEvent('presence.winfo;id=7;x');
    expect([value?.package, value?.id, value && encodeEvent(value)]).toEqual([
      'presence.winfo',
      '7',
      'presence.winfo;id=7;x',
    ]);
    expect(decodeEvent('dialog')?.id).toBeUndefined();
    expect(decodeEvent(';id=7')).toBeUndefined();
  });
});
