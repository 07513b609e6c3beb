import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';
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

const ATTEMPTS = 20;

/** A port that is free now, for UDP and for TCP. */
export async function freePort(host: string): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freeUdpPort(host);
    if (attempt === ATTEMPTS || (await isFreeForTcp(host, port))) return port;
  }
}

async function isFreeForTcp(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    socket.bind(0, host);
    await once(socket, 'listening');
    return socket.address().port;
  } finally {
    socket.close();
  }
}
