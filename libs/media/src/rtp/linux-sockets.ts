import type { Log } from '@legato/kernel';
import { isIPv6 } from 'node:net';
import type { LibC } from './libc';
import { errorName, loadLibC } from './libc';
import type { PacketListener } from './rtp-port';
import {
  AF_INET,
  AF_INET6,
  SOCKET_ADDRESS_BYTES,
  encodeSocketAddress,
  hostOf,
  portOf,
  sameAddress,
} from './socket-address';
import type { UdpIo, UdpSocket } from './udp-io';
import { RECEIVE_BUFFER_BYTES } from './udp-io';

/** Of the kernel's headers, the same on every architecture that Node runs on under Linux. */
const SOCK_DGRAM_NONBLOCK_CLOEXEC = 0x2 | 0x800 | 0x80000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const EPOLL_CLOEXEC = 0x80000;
const EPOLL_CTL_ADD = 1;
const EPOLLIN = 1;
const MSG_DONTWAIT = 0x40;

const DATAGRAM_BYTES = 2048;
const EVENTS = 512;
/** `struct epoll_event`, packed on x86-64 alone. */
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16;
const EVENT_DATA_AT = EVENT_BYTES - 8;
/** How often datagrams are fetched: what is heard waits in the jitter buffer for longer. */
const POLL_MS = 5;
/** Rounds of a poll: beyond that, signalling has its turn. */
const MOST_ROUNDS = 8;

/** One socket by its descriptor. */
class LinuxSocket implements UdpSocket {
  listener: PacketListener | undefined;
  private readonly target = { host: '', port: 0, address: Buffer.alloc(0), isOurs: false };
  private readonly lastFrom = Buffer.alloc(SOCKET_ADDRESS_BYTES);
  private lastHost = '';
  private open = true;

  constructor(
    private readonly libc: LibC,
    readonly descriptor: number,
    private readonly family: number,
    readonly port: number,
    private readonly onClosed: (socket: LinuxSocket) => void,
  ) {}

  listen(listener: PacketListener): void {
    this.listener = listener;
  }

  send(bytes: Uint8Array, host: string, port: number): void {
    if (!this.open) return;
    const { target } = this;
    if (host !== target.host || port !== target.port) this.aim(host, port);
    if (!target.isOurs) return;
    this.libc.sendto(
      this.descriptor,
      bytes,
      bytes.length,
      MSG_DONTWAIT,
      target.address,
      target.address.length,
    );
  }

  close(): Promise<void> {
    if (this.open) {
      this.open = false;
      this.libc.close(this.descriptor);
      this.onClosed(this);
    }
    return Promise.resolve();
  }

  /** Hands one datagram on; `from` is only valid now. */
  deliver(bytes: Uint8Array, from: Buffer): void {
    if (this.lastHost === '' || !sameAddress(from, this.lastFrom, this.family)) {
      from.copy(this.lastFrom);
      this.lastHost = hostOf(from, this.family);
    }
    this.listener?.(bytes, this.lastHost, portOf(from));
  }

  private aim(host: string, port: number): void {
    const address = encodeSocketAddress(host, port);
    const isOurs = address !== undefined && isIPv6(host) === (this.family === AF_INET6);
    Object.assign(this.target, { host, port, isOurs, address: address ?? Buffer.alloc(0) });
  }
}

/**
 * The sockets of Linux without the event loop: all that are readable are asked for with one call every 5 ms, and a datagram
 * is sent by one call without an object of its own. About half the processor time of Node's sockets.
 */
export class LinuxUdpIo implements UdpIo {
  private readonly sockets = new Map<number, LinuxSocket>();
  private readonly events = Buffer.alloc(EVENTS * EVENT_BYTES);
  private readonly datagram = Buffer.alloc(DATAGRAM_BYTES);
  private readonly from = Buffer.alloc(SOCKET_ADDRESS_BYTES);
  private readonly fromLength = Buffer.alloc(4);
  private readonly epoll: number;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly libc: LibC,
    private readonly log: Log,
  ) {
    this.epoll = libc.epoll_create1(EPOLL_CLOEXEC);
    if (this.epoll < 0) throw new Error(`epoll_create1: ${errorName(libc.errno())}`);
  }

  /** Undefined where there is no Linux, or its C library can not be called. */
  static load(log: Log): LinuxUdpIo | undefined {
    const libc = loadLibC();
    return libc && new LinuxUdpIo(libc, log);
  }

  bind(host: string, port: number): Promise<UdpSocket> {
    try {
      const socket = this.open(host, port);
      this.sockets.set(socket.descriptor, socket);
      this.timer ??= setInterval(() => this.poll(), POLL_MS);
      return Promise.resolve(socket);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private open(host: string, port: number): LinuxSocket {
    const { libc } = this;
    const family = isIPv6(host) ? AF_INET6 : AF_INET;
    const address = encodeSocketAddress(host, port);
    if (!address) throw Object.assign(new Error(`${host} is no address`), { code: 'EINVAL' });
    const descriptor = libc.socket(family, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
    if (descriptor < 0) throw this.failure('socket');
    try {
      this.setOption(descriptor, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      if (family === AF_INET6) this.setOption(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
      if (libc.bind(descriptor, address, address.length) < 0) throw this.failure('bind');
      return new LinuxSocket(libc, descriptor, family, this.boundPort(descriptor), (socket) =>
        this.forget(socket),
      );
    } catch (error) {
      libc.close(descriptor);
      throw error;
    }
  }

  private boundPort(descriptor: number): number {
    const { libc } = this;
    this.fromLength.writeUInt32LE(SOCKET_ADDRESS_BYTES);
    if (libc.getsockname(descriptor, this.from, this.fromLength) < 0) throw this.failure('getsockname');
    const event = Buffer.alloc(EVENT_BYTES);
    event.writeUInt32LE(EPOLLIN, 0);
    event.writeUInt32LE(descriptor, EVENT_DATA_AT);
    if (libc.epoll_ctl(this.epoll, EPOLL_CTL_ADD, descriptor, event) < 0) throw this.failure('epoll_ctl');
    return portOf(this.from);
  }

  private setOption(descriptor: number, level: number, name: number, value: number): void {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value);
    this.libc.setsockopt(descriptor, level, name, buffer, buffer.length);
  }

  /** Closing a descriptor takes it out of epoll. */
  private forget(socket: LinuxSocket): void {
    this.sockets.delete(socket.descriptor);
    if (this.sockets.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Fetches what has arrived: one datagram of each readable socket a round. */
  private poll(): void {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const ready = this.libc.epoll_wait(this.epoll, this.events, EVENTS, 0);
      for (let index = 0; index < ready; index += 1) {
        this.receive(this.events.readUInt32LE(index * EVENT_BYTES + EVENT_DATA_AT));
      }
      if (ready <= 0) return;
    }
  }

  private receive(descriptor: number): void {
    const { libc, datagram, from, fromLength } = this;
    fromLength.writeUInt32LE(SOCKET_ADDRESS_BYTES);
    const bytes = libc.recvfrom(descriptor, datagram, DATAGRAM_BYTES, MSG_DONTWAIT, from, fromLength);
    // An empty datagram, or the ICMP answer to one of ours.
    if (bytes <= 0) return;
    try {
      this.sockets.get(descriptor)?.deliver(datagram.subarray(0, bytes), from);
    } catch (error) {
      this.log.error('datagram not handled', { error: String(error) });
    }
  }

  private failure(call: string): Error {
    const code = errorName(this.libc.errno());
    return Object.assign(new Error(`${call} ${code}`), { code });
  }
}
