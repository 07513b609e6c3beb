import type { Log } from '@legato/kernel';
import { isIPv6 } from 'node:net';
import type { DatagramReceiver } from './datagram-ring';
import { DatagramRing } from './datagram-ring';
import type { LibC } from './libc';
import { errorName, loadLibC } from './libc';
import type { PacketListener } from './rtp-port';
import {
  AF_INET,
  AF_INET6,
  NO_SOCKET_ADDRESS,
  SOCKET_ADDRESS_BYTES,
  encodeSocketAddress,
  hostOf,
  portOf,
} from './socket-address';
import type { UdpIo, UdpSocket } from './udp-io';
import { RECEIVE_BUFFER_BYTES } from './udp-io';

/** Of the kernel's headers, the same on every architecture that Node runs on under Linux. */
const SOCK_DGRAM_NONBLOCK_CLOEXEC = 0x2 | 0x800 | 0x80000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;

/** How often datagrams are fetched and sent beside the ticks of the engine: what is said of jitter is as exact as this. */
const BEAT_MS = 5;

/** What sockets of one thread share. */
interface Network {
  libc: LibC;
  ring: DatagramRing;
}

/** One socket by its descriptor. */
class BatchedSocket implements UdpSocket, DatagramReceiver {
  listener: PacketListener | undefined;
  private targetHost = '';
  private targetPort = 0;
  private targetAddress: Uint8Array | undefined;
  private connected = false;
  /** Of the last sender: family and port, IPv4 address, all of its words, and what they mean. */
  private lastFamilyAndPort = 0;
  private lastAddress = 0;
  private readonly lastFrom = new Int32Array(SOCKET_ADDRESS_BYTES / 4);
  private lastHost = '';
  private lastPort = 0;
  private open = true;
  private readonly id: number;

  constructor(
    private readonly network: Network,
    private readonly log: Log,
    readonly descriptor: number,
    private readonly family: number,
    readonly port: number,
    /** The system chose the port: it would be lost with a connection. */
    private readonly isAnyPort: boolean,
    private readonly onClosed: (socket: BatchedSocket) => void,
  ) {
    this.id = network.ring.join(this);
  }

  listen(listener: PacketListener): void {
    this.listener = listener;
  }

  send(bytes: Uint8Array, host: string, port: number): void {
    if (!this.open) return;
    if (port !== this.targetPort || host !== this.targetHost) this.aim(host, port);
    const { targetAddress } = this;
    if (targetAddress)
      this.network.ring.send(this.descriptor, bytes, this.connected ? undefined : targetAddress);
  }

  lend(length: number): Uint8Array {
    return this.network.ring.lend(length);
  }

  connect(host: string, port: number): void {
    if (!this.open || this.isAnyPort) return;
    this.aim(host, port);
    const { targetAddress: address } = this;
    if (!address) return;
    this.network.ring.flush();
    this.connected = this.network.libc.connect(this.descriptor, address, address.length) === 0;
  }

  disconnect(): void {
    if (!this.open || !this.connected) return;
    this.network.ring.flush();
    this.network.libc.connect(this.descriptor, NO_SOCKET_ADDRESS, NO_SOCKET_ADDRESS.length);
    this.connected = false;
  }

  close(): Promise<void> {
    if (this.open) {
      this.open = false;
      this.network.ring.flush();
      this.network.ring.leave(this.id);
      this.network.libc.close(this.descriptor);
      this.onClosed(this);
    }
    return Promise.resolve();
  }

  take(bytes: Uint8Array, from: Int32Array): void {
    if (!this.isLast(from)) this.note(from);
    try {
      this.listener?.(bytes, this.lastHost, this.lastPort);
    } catch (error) {
      this.log.error('datagram not handled', { error: String(error) });
    }
  }

  private isLast(from: Int32Array): boolean {
    if (from[0] !== this.lastFamilyAndPort) return false;
    if (this.family === AF_INET) return from[1] === this.lastAddress;
    const { lastFrom } = this;
    for (let word = 2; word < lastFrom.length; word++) if (from[word] !== lastFrom[word]) return false;
    return true;
  }

  private note(from: Int32Array): void {
    this.lastFrom.set(from.subarray(0, this.lastFrom.length));
    this.lastFamilyAndPort = from[0] as number;
    this.lastAddress = from[1] as number;
    const address = Buffer.from(this.lastFrom.buffer);
    this.lastHost = hostOf(address, this.family);
    this.lastPort = portOf(address);
  }

  private aim(host: string, port: number): void {
    // What is connected hears and reaches one peer: the other one comes first.
    if (this.connected) this.disconnect();
    this.targetHost = host;
    this.targetPort = port;
    const isOurs = isIPv6(host) === (this.family === AF_INET6);
    this.targetAddress = isOurs ? encodeSocketAddress(host, port) : undefined;
  }
}

/** Opened once: a ring belongs to its thread. */
let shared: Network | undefined;

function networkOfThisThread(): Network | undefined {
  if (shared) return shared;
  const libc = loadLibC();
  const ring = libc && DatagramRing.open(libc);
  if (libc && ring) shared = { libc, ring };
  return shared;
}

/**
 * The sockets of Linux without the event loop: what is sent and what has arrived, on whatever socket, goes through io_uring,
 * many datagrams with one call of the system and without an object of its own for any of them.
 */
export class BatchedUdpIo implements UdpIo {
  private readonly sockets = new Set<BatchedSocket>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly network: Network,
    private readonly log: Log,
  ) {}

  /** Undefined where there is no Linux, where its C library can not be called, and where it forbids io_uring. */
  static load(log: Log): BatchedUdpIo | undefined {
    const network = networkOfThisThread();
    return network && new BatchedUdpIo(network, log);
  }

  bind(host: string, port: number): Promise<UdpSocket> {
    try {
      const socket = this.open(host, port);
      this.sockets.add(socket);
      this.timer ??= setInterval(() => this.beat(), BEAT_MS);
      return Promise.resolve(socket);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  receive(): void {
    if (this.sockets.size > 0) this.network.ring.drain();
  }

  flush(): void {
    this.network.ring.flush();
  }

  private beat(): void {
    this.network.ring.drain();
    this.network.ring.flush();
  }

  private open(host: string, port: number): BatchedSocket {
    const { libc } = this.network;
    const family = isIPv6(host) ? AF_INET6 : AF_INET;
    const address = encodeSocketAddress(host, port);
    if (!address) throw Object.assign(new Error(`${host} is no address`), { code: 'EINVAL' });
    const descriptor = libc.socket(family, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
    if (descriptor < 0) throw this.failure('socket');
    try {
      this.setOption(descriptor, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      if (family === AF_INET6) this.setOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
      if (libc.bind(descriptor, address, address.length) < 0) throw this.failure('bind');
      const bound = this.boundPort(descriptor);
      return new BatchedSocket(this.network, this.log, descriptor, family, bound, port === 0, (socket) =>
        this.forget(socket),
      );
    } catch (error) {
      libc.close(descriptor);
      throw error;
    }
  }

  private boundPort(descriptor: number): number {
    const address = Buffer.alloc(SOCKET_ADDRESS_BYTES);
    const length = Buffer.from(Int32Array.of(SOCKET_ADDRESS_BYTES).buffer);
    if (this.network.libc.getsockname(descriptor, address, length) < 0) throw this.failure('getsockname');
    return portOf(address);
  }

  private setOption(descriptor: number, level: number, name: number, value: number): void {
    const buffer = Buffer.from(Int32Array.of(value).buffer);
    this.network.libc.setsockopt(descriptor, level, name, buffer, buffer.length);
  }

  private forget(socket: BatchedSocket): void {
    this.sockets.delete(socket);
    if (this.sockets.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private failure(call: string): Error {
    const code = errorName(this.network.libc.errno());
    return Object.assign(new Error(`${call} ${code}`), { code });
  }
}
