import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** A UDP port of loopback that nobody has at the moment; for peers that can not say which one they took. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

export async function freeTcpPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

const [FIRST_FIXED, FIXED_PORTS] = [10_000, 6_000];

/** A port of loopback that is free by UDP and by TCP, from a range that the system picks none from. */
export async function freeFixedPort(): Promise<number> {
  const port = FIRST_FIXED + Math.floor(Math.random() * FIXED_PORTS);
  const udp = new Promise<boolean>((resolve) => {
    const socket = createSocket('udp4').once('error', () => resolve(false));
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
  const tcp = new Promise<boolean>((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return (await udp) && (await tcp) ? port : freeFixedPort();
}
