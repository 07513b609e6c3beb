import { bracketed, comparableHost, parseIpv6 } from './ipv6-address';

describe('IPv6 addresses (RFC 5118, RFC 3261 §25.1)', () => {
  it.each([
    ['2001:db8::10', [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x10]],
    ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['1::', [1, 0, 0, 0, 0, 0, 0, 0]],
    ['1:2:3:4:5:6:7:8', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['::ffff:192.0.2.10', [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x20a]],
    ['2001:db8:::192.0.2.1', [0x2001, 0xdb8, 0, 0, 0, 0, 0xc000, 0x201]],
  ])('reads %s', (text, groups) => {
    expect(parseIpv6(text)).toEqual(groups);
  });

  it.each([
    '',
    ':',
    ':::',
    '1',
    '1:2',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    '::g',
    '::1.2.3',
    '1.2.3.4',
    '::1.2.3.4:5',
    '::1.2.3.0004',
    `::${'0'.repeat(60)}`,
  ])('refuses %j', (text) => {
    expect(parseIpv6(text)).toBeUndefined();
  });

  it('compares spellings of one address, and names in any case', () => {
    expect(comparableHost('2001:DB8::1')).toBe(comparableHost('2001:db8:0:0::1'));
    expect(comparableHost('Example.COM')).toBe('example.com');
    expect([bracketed('::1'), bracketed('a')]).toEqual(['[::1]', 'a']);
  });
});
