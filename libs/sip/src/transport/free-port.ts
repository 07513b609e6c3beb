import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';

/** `count` ports from `first` on. */
export interface PortRange {
  readonly first: number;
  readonly count: number;
}

/** Below what Linux, macOS and Windows hand out by themselves: nobody gets one of these between asking and binding. */
const RANGE: PortRange = { first: 10_000, count: 10_000 };
const ATTEMPTS = 50;

/**
 * A port of `host` that is free by UDP and by TCP, for who has to know it before it is bound. Rejects when fifty in a
 * row are taken.
 */
export async function freePort(host = '127.0.0.1', { first, count } = RANGE): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const port = first + Math.floor(Math.random() * count);
    if ((await isFreeByUdp(host, port)) && (await isFreeByTcp(host, port))) return port;
  }
  throw new Error(`no port from ${first} to ${first + count - 1} of ${host} is free`);
}

async function isFreeByUdp(host: string, port: number): Promise<boolean> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    socket.bind({ address: host, port, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

async function isFreeByTcp(host: string, port: number): Promise<boolean> {
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
