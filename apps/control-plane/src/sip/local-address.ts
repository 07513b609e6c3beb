import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

const WILDCARDS = ['0.0.0.0', '::'];

/**
 * The address that peers are told when `host` is bound: itself, or for a wildcard the first of this machine that is
 * not loopback, since Contact and Via have to name one.
 */
export function advertisedAddress(host: string): string {
  if (!WILDCARDS.includes(host)) return host;
  const family = isIPv6(host) ? 'IPv6' : 'IPv4';
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find((address) => address.family === family && !address.internal);
  return outside?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1');
}
