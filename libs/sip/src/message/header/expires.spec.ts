import { decodeExpires, encodeExpires } from './expires';

describe('Expires (§20.19)', () => {
  it.each([
    ['0', 0],
    ['3600', 3600],
    ['4294967295', 4294967295],
    [`1${'0'.repeat(100)}`, 4294967295],
    ['-1', 3600],
    ['soon', 3600],
    ['', 3600],
  ])('reads %s as %d seconds (RFC 4475 §3.1.2.4)', (text, seconds) => {
    expect(decodeExpires(text)).toBe(seconds);
  });

  it('writes whole seconds', () => {
    expect(encodeExpires(30.9)).toBe('30');
  });
});
