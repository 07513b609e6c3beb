import { AF_INET, AF_INET6, encodeSocketAddress, hostOf, portOf } from './socket-address';

describe('socket addresses of Linux', () => {
  it.each(['127.0.0.1', '203.0.113.255'])('hold IPv4: %s', (host) => {
    const address = encodeSocketAddress(host, 5004)!;
    expect([hostOf(address, AF_INET), portOf(address), address.length]).toEqual([host, 5004, 16]);
  });

  it.each([
    ['::1', '::1'],
    ['::', '::'],
    ['2001:db8::5:0', '2001:db8::5:0'],
    ['2001:DB8:0:0:1::', '2001:db8:0:0:1::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ])('hold IPv6: %s', (host, written) => {
    const address = encodeSocketAddress(host, 40_000)!;
    expect([hostOf(address, AF_INET6), portOf(address), address.length]).toEqual([written, 40_000, 28]);
  });

  it.each(['', 'localhost', '1.2.3', 'fe80::1%eth0', '1.2.3.4.5'])('are none: %p', (host) => {
    expect(encodeSocketAddress(host, 1)).toBeUndefined();
  });
});
