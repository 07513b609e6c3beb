import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { isIP, isIPv6 } from 'node:net';
import type { Log } from '@legato/kernel';
import type { PacketListener, RtpPort, RtpPortFactory } from './rtp-port';
import { NoPortError } from './rtp-port';

/** About three seconds of packets, while the event loop is held up. */
const RECEIVE_BUFFER_BYTES = 262_144;
/** How often the system may give an odd port, or one whose twin is taken. */
const SYSTEM_PORT_ATTEMPTS = 50;
const HIGHEST_PORT = 65_535;

/** Addresses are numbers already: Node's own lookup would cost a trip through its thread pool for each packet. */
const lookupOf =
  (family: 4 | 6) =>
  (
    hostname: string,
    _options: unknown,
    callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
  ): void =>
    callback(null, hostname, family);

function bind(host: string, port: number, onError: (error: Error) => void): Promise<Socket> {
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    lookup: lookupOf(isIPv6(host) ? 6 : 4),
  });
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', refuse);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', refuse);
      socket.on('error', onError);
      resolve(socket);
    });
  });
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));

/** A pair of UDP sockets. */
class UdpRtpPort implements RtpPort {
  readonly localPort: number;
  private open = true;
  private readonly family: number;
  private judgedHost = '';
  private judgement = false;

  constructor(
    private readonly rtp: Socket,
    private readonly rtcp: Socket,
    private readonly onClosed: () => void,
  ) {
    const { port, address } = rtp.address();
    this.localPort = port;
    this.family = isIP(address);
  }

  listen(onRtp: PacketListener, onRtcp: PacketListener): void {
    this.rtp.on('message', (bytes, from) => onRtp(bytes, from.address, from.port));
    this.rtcp.on('message', (bytes, from) => onRtcp(bytes, from.address, from.port));
  }

  send(bytes: Uint8Array, host: string, port: number): void {
    if (this.open && this.isAddress(host)) this.rtp.send(bytes, port, host);
  }

  sendRtcp(bytes: Uint8Array, host: string, port: number): void {
    if (this.open && this.isAddress(host)) this.rtcp.send(bytes, port, host);
  }

  /** Whether a host is an address of our family; the judgement of the last one is kept. */
  private isAddress(host: string): boolean {
    if (host !== this.judgedHost) {
      this.judgedHost = host;
      this.judgement = isIP(host) === this.family;
    }
    return this.judgement;
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await Promise.all([closed(this.rtp), closed(this.rtcp)]);
    this.onClosed();
  }
}

export interface UdpRtpPortOptions {
  host: string;
  /** The even ports from `first` to `last`; 0..0 lets the system choose. */
  ports: { first: number; last: number };
  log: Log;
}

/** Hands out the even ports of a range in turn, so that a port rests before it is used again (RFC 3550 §11). */
export class UdpRtpPortFactory implements RtpPortFactory {
  private readonly taken = new Set<number>();
  private readonly first: number;
  private readonly pairs: number;
  private turn = 0;

  constructor(private readonly options: UdpRtpPortOptions) {
    const { first, last } = options.ports;
    this.first = first + (first & 1);
    this.pairs = Math.max(0, Math.floor((Math.min(last, HIGHEST_PORT) - this.first + 1) / 2));
  }

  async open(onRtp: PacketListener, onRtcp: PacketListener): Promise<RtpPort> {
    const port = this.options.ports.last === 0 ? await this.openAny() : await this.openNext();
    port.listen(onRtp, onRtcp);
    return port;
  }

  private async openNext(): Promise<UdpRtpPort> {
    for (let attempt = 0; attempt < this.pairs; attempt++) {
      const number = this.first + 2 * (this.turn++ % this.pairs);
      if (this.taken.has(number)) continue;
      this.taken.add(number);
      const port = await this.tryPair(number);
      if (port) return port;
      this.taken.delete(number);
    }
    throw new NoPortError(`no free port from ${this.options.ports.first} to ${this.options.ports.last}`);
  }

  private async openAny(): Promise<UdpRtpPort> {
    for (let attempt = 0; attempt < SYSTEM_PORT_ATTEMPTS; attempt++) {
      const port = await this.tryPair(0);
      if (port) return port;
    }
    throw new NoPortError('the system has no free pair of ports');
  }

  /** The pair that begins at `number`, unless one of its ports is not free (or odd, when the system chose it). */
  private async tryPair(number: number): Promise<UdpRtpPort | undefined> {
    const rtp = await this.tryBind(number);
    if (!rtp) return undefined;
    const actual = rtp.address().port;
    const rtcp = actual % 2 === 0 ? await this.tryBind(actual + 1) : undefined;
    if (rtcp) return new UdpRtpPort(rtp, rtcp, () => this.taken.delete(actual));
    await closed(rtp);
    return undefined;
  }

  private async tryBind(number: number): Promise<Socket | undefined> {
    const { host, log } = this.options;
    try {
      return await bind(host, number, (error) =>
        log.debug('RTP socket', { port: number, error: error.message }),
      );
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      return undefined;
    }
  }
}
