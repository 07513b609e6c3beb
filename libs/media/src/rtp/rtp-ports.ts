import type { PacketListener, RtpPort, RtpPortFactory } from './rtp-port';
import { NoPortError } from './rtp-port';
import type { UdpIo, UdpSocket } from './udp-io';

/** How often the system may give an odd port, or one whose twin is taken. */
const SYSTEM_PORT_ATTEMPTS = 50;
const HIGHEST_PORT = 65_535;

/** A pair of UDP sockets. */
class UdpRtpPort implements RtpPort {
  private open = true;

  constructor(
    private readonly rtp: UdpSocket,
    private readonly rtcp: UdpSocket,
    private readonly onClosed: () => void,
  ) {}

  get localPort(): number {
    return this.rtp.port;
  }

  listen(onRtp: PacketListener, onRtcp: PacketListener): void {
    this.rtp.listen(onRtp);
    this.rtcp.listen(onRtcp);
  }

  send(bytes: Uint8Array, host: string, port: number): void {
    this.rtp.send(bytes, host, port);
  }

  sendRtcp(bytes: Uint8Array, host: string, port: number): void {
    this.rtcp.send(bytes, host, port);
  }

  lend(length: number): Uint8Array | undefined {
    return this.rtp.lend?.(length);
  }

  connect(host: string, port: number): void {
    this.rtp.connect(host, port);
  }

  disconnect(): void {
    this.rtp.disconnect();
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await Promise.all([this.rtp.close(), this.rtcp.close()]);
    this.onClosed();
  }
}

export interface UdpRtpPortOptions {
  host: string;
  /** The even ports from `first` to `last`; 0..0 lets the system choose. */
  ports: { first: number; last: number };
  io: UdpIo;
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

  receive(): void {
    this.options.io.receive?.();
  }

  flush(): void {
    this.options.io.flush?.();
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
    const actual = rtp.port;
    const rtcp = actual % 2 === 0 ? await this.tryBind(actual + 1) : undefined;
    if (rtcp) return new UdpRtpPort(rtp, rtcp, () => this.taken.delete(actual));
    await rtp.close();
    return undefined;
  }

  private async tryBind(number: number): Promise<UdpSocket | undefined> {
    const { host, io } = this.options;
    try {
      return await io.bind(host, number);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      return undefined;
    }
  }
}
