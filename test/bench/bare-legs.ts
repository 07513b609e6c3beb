import { Ticker } from '../../libs/media/src/engine/ticker';
import { udpIoOf } from '../../libs/media/src/rtp/udp-backend';
import type { UdpIo, UdpSocket } from '../../libs/media/src/rtp/udp-io';
import type { Clock } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import { tonePackets } from './media-load';

const FRAME_MS = 20;

/** Legs that receive a packet and send one in each tick, and nothing else: what the sockets of this machine cost without an engine. */
export class BareLegs {
  private readonly ticker: Ticker;
  private readonly packet = tonePackets()[0] as Buffer;
  private received = 0;
  private sent = 0;
  private lateTicks = 0;

  private constructor(
    clock: Clock,
    private readonly io: UdpIo,
    private readonly sockets: readonly UdpSocket[],
    private readonly farPort: number,
  ) {
    for (const socket of sockets) socket.listen(() => void (this.received += 1));
    this.ticker = new Ticker(clock, FRAME_MS, (skipped) => this.tick(skipped));
  }

  static async open(clock: Clock, transport: 'dgram' | 'batched', legs: number, farPort: number) {
    const io = udpIoOf(transport, silentLog);
    const sockets: UdpSocket[] = [];
    for (let port = 20_000; sockets.length < legs; port += 2) {
      const socket = await io.bind('127.0.0.1', port).catch(() => undefined);
      socket?.connect('127.0.0.1', farPort);
      if (socket) sockets.push(socket);
    }
    return new BareLegs(clock, io, sockets, farPort);
  }

  get ports(): number[] {
    return this.sockets.map(({ port }) => port);
  }

  start(): void {
    this.ticker.start();
  }

  totals() {
    const { received, sent, lateTicks } = this;
    return { received, sent, lateTicks };
  }

  async stop(): Promise<void> {
    this.ticker.stop();
    await Promise.all(this.sockets.map((socket) => socket.close()));
  }

  private tick(skipped: number): void {
    this.lateTicks += skipped > 0 ? 1 : 0;
    this.io.receive?.();
    for (const socket of this.sockets) socket.send(this.packet, '127.0.0.1', this.farPort);
    this.sent += this.sockets.length;
    this.io.flush?.();
  }
}
