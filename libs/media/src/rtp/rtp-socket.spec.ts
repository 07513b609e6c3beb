import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { silentLog } from '@legato/kernel';
import type { RtpPort } from './rtp-port';
import { NoPortError } from './rtp-port';
import { UdpRtpPortFactory } from './rtp-socket';

const ignore = () => undefined;
const opened: RtpPort[] = [];

async function open(
  factory: UdpRtpPortFactory,
  onRtp = ignore as Parameters<UdpRtpPortFactory['open']>[0],
  onRtcp = onRtp,
) {
  const port = await factory.open(onRtp, onRtcp);
  opened.push(port);
  return port;
}

const factoryFor = (first: number, last: number, host = '127.0.0.1') =>
  new UdpRtpPortFactory({ host, ports: { first, last }, log: silentLog });

/** The first even port of a range of `pairs` pairs that is free now. */
async function freeRange(pairs: number): Promise<number> {
  const probe = await factoryFor(0, 0).open(ignore, ignore);
  const first = probe.localPort;
  await probe.close();
  return first + pairs * 2 > 65_000 ? freeRange(pairs) : first;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((port) => port.close()));
});

describe('RTP sockets (RFC 3550 §11)', () => {
  it('opens an even port and the odd one above it, when the system chooses', async () => {
    const port = await open(factoryFor(0, 0));
    expect(port.localPort % 2).toBe(0);
    const twin = createSocket('udp4');
    twin.bind(port.localPort + 1, '127.0.0.1');
    const [error] = (await once(twin, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('EADDRINUSE');
    twin.close();
  });

  it('carries datagrams of RTP and of RTCP, each to its listener', async () => {
    const heard: string[] = [];
    const sender = await open(factoryFor(0, 0));
    await new Promise<void>((resolve, reject) => {
      const note = (kind: string) => (bytes: Uint8Array, _host: string, port: number) => {
        heard.push(`${kind} ${bytes.join()} from +${port - sender.localPort}`);
        if (heard.length === 2) resolve();
      };
      open(factoryFor(0, 0), note('rtp'), note('rtcp')).then((receiver) => {
        sender.send(Uint8Array.of(1, 2), '127.0.0.1', receiver.localPort);
        sender.sendRtcp(Uint8Array.of(3), '127.0.0.1', receiver.localPort + 1);
      }, reject);
    });
    expect(heard.sort()).toEqual(['rtcp 3 from +1', 'rtp 1,2 from +0']);
  });

  it('survives a peer whose port is closed, and hosts that are no address', async () => {
    const port = await open(factoryFor(0, 0));
    const gone = await open(factoryFor(0, 0));
    await gone.close();
    for (let i = 0; i < 5; i++) port.send(Uint8Array.of(1), '127.0.0.1', gone.localPort);
    port.send(Uint8Array.of(1), 'not-an-address.invalid', 4000);
    await port.close();
    port.send(Uint8Array.of(1), '127.0.0.1', 4000);
    await port.close();
  });

  it('goes round the range, lets a port rest, and uses it again after the others', async () => {
    const first = await freeRange(3);
    const factory = factoryFor(first, first + 5);
    const a = await open(factory);
    await a.close();
    const b = await open(factory);
    const c = await open(factory);
    const d = await open(factory);
    expect([a, b, c, d].map((port) => port.localPort - first)).toEqual([0, 2, 4, 0]);
  });

  it('rejects with NO_PORT when all are taken, and serves again when one is free', async () => {
    const first = await freeRange(2);
    const factory = factoryFor(first, first + 3);
    const held = await open(factory);
    await open(factory);
    await expect(open(factory)).rejects.toThrow(NoPortError);
    await expect(open(factory)).rejects.toMatchObject({ code: 'NO_PORT' });
    await held.close();
    expect((await open(factory)).localPort).toBe(held.localPort);
  });

  it('skips a port that another process holds, or whose twin is held', async () => {
    const first = await freeRange(2);
    const other = createSocket('udp4');
    other.bind(first + 1, '127.0.0.1');
    await once(other, 'listening');
    expect((await open(factoryFor(first, first + 3))).localPort).toBe(first + 2);
    other.close();
  });

  it('begins at the next even port of an odd range and needs both ports inside it', async () => {
    const first = await freeRange(2);
    const port = await open(factoryFor(first - 1, first + 1));
    expect(port.localPort).toBe(first);
    await expect(open(factoryFor(first + 2, first + 2))).rejects.toMatchObject({ code: 'NO_PORT' });
  });

  it('passes on what is wrong with the address', async () => {
    await expect(open(factoryFor(0, 0, '192.0.2.1'))).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
