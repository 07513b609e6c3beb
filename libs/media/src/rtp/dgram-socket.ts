import type { Log } from '@legato/kernel';
import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { isIP, isIPv6 } from 'node:net';
import type { PacketListener } from './rtp-port';
import type { UdpIo, UdpSocket } from './udp-io';
import { RECEIVE_BUFFER_BYTES } from './udp-io';

/** Addresses are numbers already: Node's own lookup would cost a trip through its thread pool for each packet. */
const lookupOf =
  (family: 4 | 6) =>
  (
    hostname: string,
    _options: unknown,
    callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
  ): void =>
    callback(null, hostname, family);

class DgramSocket implements UdpSocket {
  readonly port: number;
  private readonly family: number;
  private open = true;
  private judgedHost = '';
  private judgement = false;
  private peerHost = '';
  private peerPort = 0;

  constructor(
    private readonly socket: Socket,
    /** The system chose the port: it would be lost with a connection. */
    private readonly isAnyPort: boolean,
  ) {
    const { port, address } = socket.address();
    this.port = port;
    this.family = isIP(address);
  }

  listen(listener: PacketListener): void {
    this.socket.on('message', (bytes, from) => listener(bytes, from.address, from.port));
  }

  send(bytes: Uint8Array, host: string, port: number): void {
    if (!this.open || !this.isAddress(host)) return;
    if (this.peerPort !== 0 && (port !== this.peerPort || host !== this.peerHost)) this.disconnect();
    if (this.peerPort === 0) this.socket.send(bytes, port, host);
    else this.socket.send(bytes);
  }

  connect(host: string, port: number): void {
    if (!this.open || this.isAnyPort || !this.isAddress(host)) return;
    this.disconnect();
    this.socket.connect(port, host);
    this.peerHost = host;
    this.peerPort = port;
  }

  disconnect(): void {
    if (!this.open || this.peerPort === 0) return;
    this.peerPort = 0;
    this.socket.disconnect();
  }

  close(): Promise<void> {
    if (!this.open) return Promise.resolve();
    this.open = false;
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  /** Whether a host is an address of our family; the judgement of the last one is kept. */
  private isAddress(host: string): boolean {
    if (host !== this.judgedHost) {
      this.judgedHost = host;
      this.judgement = isIP(host) === this.family;
    }
    return this.judgement;
  }
}

/** Node's own sockets: one callback for each datagram, on every platform. */
export class DgramIo implements UdpIo {
  constructor(private readonly log: Log) {}

  bind(host: string, port: number): Promise<UdpSocket> {
    const family = isIPv6(host) ? 6 : 4;
    const socket = createSocket({
      type: `udp${family}`,
      recvBufferSize: RECEIVE_BUFFER_BYTES,
      lookup: lookupOf(family),
    });
    return new Promise((resolve, reject) => {
      const refuse = (error: Error): void => {
        socket.close();
        reject(error);
      };
      socket.once('error', refuse);
      socket.bind({ address: host, port, exclusive: true }, () => {
        socket.off('error', refuse);
        // A peer whose port is closed is heard of here; its silence ends the call, not this.
        socket.on('error', (error) => this.log.debug('RTP socket', { port, error: error.message }));
        resolve(new DgramSocket(socket, port === 0));
      });
    });
  }
}
