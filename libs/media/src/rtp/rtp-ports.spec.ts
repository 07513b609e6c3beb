import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { silentLog } from '@legato/kernel';
import type { RtpPort } from './rtp-port';
import { NoPortError } from './rtp-port';
import { BatchedUdpIo } from './batched-sockets';
import { DgramIo } from './dgram-socket';
import { UdpRtpPortFactory } from './rtp-ports';
import type { UdpIo } from './udp-io';

const ignore = () => undefined;
const opened: RtpPort[] = [];
let second: RtpPort;

async function open(
  factory: UdpRtpPortFactory,
  onRtp = ignore as Parameters<UdpRtpPortFactory['open']>[0],
  onRtcp = onRtp,
) {
  const port = await factory.open(onRtp, onRtcp);
  opened.push(port);
  return port;
}

let io: UdpIo;

const factoryFor = (first: number, last: number, host = '127.0.0.1') =>
  new UdpRtpPortFactory({ host, ports: { first, last }, io });

const backends: [string, () => UdpIo | undefined][] = [
  ['dgram', () => new DgramIo(silentLog)],
  ['batched', () => BatchedUdpIo.load(silentLog)],
];

/** Below what the system gives to those who ask for any port. */
const [LOWEST_PORT, PORTS] = [12_000, 18_000];

/** The first even port of a range of `pairs` pairs that is free now. */
async function freeRange(pairs: number): Promise<number> {
  for (;;) {
    const first = LOWEST_PORT + 2 * Math.floor((Math.random() * PORTS) / 2);
    const factory = factoryFor(first, first + 2 * pairs - 1);
    const held = await Promise.allSettled(Array.from({ length: pairs }, () => factory.open(ignore, ignore)));
    const ports = held.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(ports.map((port) => port.close()));
    if (ports.length === pairs) return first;
  }
}

async function eventually(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((port) => port.close()));
});

describe.each(backends)('RTP by the backend %s (RFC 3550 §11)', (_name, load) => {
  beforeAll(() => {
    const loaded = load();
    if (!loaded) throw new Error('this backend does not work here');
    io = loaded;
  });

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

  it.each(['127.0.0.1', '::1'])('tells where a datagram came from, and answers it (%s)', async (host) => {
    const heard: string[] = [];
    const first = await open(factoryFor(0, 0, host), (bytes, from, port) => {
      heard.push(`${from} ${port === second.localPort} ${bytes.join()}`);
      first.send(Uint8Array.of(9, 9), from, port);
    });
    const answered = new Promise<string>((resolve) => {
      second = { localPort: 0 } as RtpPort;
      void open(factoryFor(0, 0, host), (bytes, from, port) =>
        resolve(`${from} ${port === first.localPort} ${bytes.join()}`),
      ).then((port) => {
        second = port;
        port.send(Uint8Array.of(7), host, first.localPort);
      });
    });
    expect(await answered).toBe(`${host} true 9,9`);
    expect(heard).toEqual([`${host} true 7`]);
  });

  it('takes many datagrams at once, from many senders, and loses none that the system kept', async () => {
    const heard = new Map<number, number>();
    const receiver = await open(factoryFor(0, 0), (_bytes, _from, port) =>
      heard.set(port, (heard.get(port) ?? 0) + 1),
    );
    const senders = await Promise.all(Array.from({ length: 20 }, () => open(factoryFor(0, 0))));
    for (let round = 0; round < 5; round++) {
      for (const sender of senders) sender.send(new Uint8Array(172), '127.0.0.1', receiver.localPort);
    }
    await eventually(() => [...heard.values()].reduce((sum, count) => sum + count, 0) === 100);
    expect([...heard.values()]).toEqual(senders.map(() => 5));
  });

  it('hears one peer alone while it is connected to it, answers it, and hears everybody again', async () => {
    const first = await freeRange(1);
    const heard: string[] = [];
    const port = await open(factoryFor(first, first + 1), (bytes) => heard.push(bytes.join()));
    const answers: string[] = [];
    const peer = await open(factoryFor(0, 0), (bytes) => answers.push(bytes.join()));
    const other = await open(factoryFor(0, 0));
    port.connect?.('127.0.0.1', peer.localPort);
    other.send(Uint8Array.of(1), '127.0.0.1', first);
    peer.send(Uint8Array.of(2), '127.0.0.1', first);
    await eventually(() => heard.includes('2'));
    port.send(Uint8Array.of(3), '127.0.0.1', peer.localPort);
    await eventually(() => answers.includes('3'));
    port.disconnect?.();
    other.send(Uint8Array.of(4), '127.0.0.1', first);
    await eventually(() => heard.includes('4'));
    expect([heard, port.localPort]).toEqual([['2', '4'], first]);
  });

  it('sends elsewhere though it is connected, which ends that', async () => {
    const first = await freeRange(1);
    const heard: string[] = [];
    const port = await open(factoryFor(first, first + 1), (bytes) => heard.push(bytes.join()));
    const peer = await open(factoryFor(0, 0));
    const other = await open(factoryFor(0, 0), (_bytes, host, from) =>
      other.send(Uint8Array.of(5), host, from),
    );
    port.connect?.('127.0.0.1', peer.localPort);
    port.send(Uint8Array.of(1), '127.0.0.1', other.localPort);
    await eventually(() => heard.includes('5'));
  });

  it('goes on receiving when its peer refused what it was sent', async () => {
    const first = await freeRange(1);
    const heard: string[] = [];
    const port = await open(factoryFor(first, first + 1), (bytes) => heard.push(bytes.join()));
    const gone = await open(factoryFor(0, 0));
    port.connect?.('127.0.0.1', gone.localPort);
    await gone.close();
    for (let i = 0; i < 3; i++) port.send(Uint8Array.of(1), '127.0.0.1', gone.localPort);
    port.disconnect?.();
    const other = await open(factoryFor(0, 0));
    await eventually(() => {
      other.send(Uint8Array.of(6), '127.0.0.1', first);
      return heard.includes('6');
    });
  });

  it('lends memory for what is sent next, or none', async () => {
    const heard: string[] = [];
    const port = await open(factoryFor(0, 0));
    const receiver = await open(factoryFor(0, 0), (bytes) => heard.push(bytes.join()));
    for (const value of [7, 8]) {
      const lent = port.lend?.(2) ?? new Uint8Array(2);
      lent.fill(value);
      port.send(lent, '127.0.0.1', receiver.localPort);
    }
    await eventually(() => heard.length === 2);
    expect(heard).toEqual(['7,7', '8,8']);
  });

  it('sends nothing to an address of the other family', async () => {
    const port = await open(factoryFor(0, 0));
    expect(() => port.send(Uint8Array.of(1), '::1', 4000)).not.toThrow();
  });
});
