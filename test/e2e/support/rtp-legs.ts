import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { description, SDP, WireCall } from './wire-call';
import type { WirePeer } from './wire-peer';

const PACKET_MS = 20;
const RTP_HEADER = 12;
const SAMPLES = 160;
const PCMA = 8;
const SILENCE = 0xd5;

/** A leg at a media server: its dialog, and the name of its connection. */
export interface RtpLeg {
  readonly call: WireCall;
  readonly id: string;
  readonly port: number;
}

/** Legs that send a packet every 20 ms, all from one socket: each is latched for itself. */
export class RtpLegs {
  readonly legs: RtpLeg[] = [];
  /** Packets that came back. */
  heard = 0;
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;
  private begunAt = 0;

  private constructor(
    private readonly peer: WirePeer,
    private readonly socket: Socket,
  ) {
    socket.on('message', () => (this.heard += 1));
    socket.on('error', () => undefined);
  }

  static async open(peer: WirePeer, mediaServerPort: number, count: number): Promise<RtpLegs> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const legs = new RtpLegs(peer, socket);
    for (let made = 0; made < count; made += 1) await legs.add(mediaServerPort);
    legs.speak();
    return legs;
  }

  /** An offer of audio at this socket. */
  get offer(): string {
    const media = `m=audio ${this.socket.address().port} RTP/AVP ${PCMA}\r\na=rtpmap:${PCMA} PCMA/8000`;
    return description('127.0.0.1', media);
  }

  async add(mediaServerPort: number): Promise<RtpLeg> {
    const uri = `sip:msml@127.0.0.1:${mediaServerPort}`;
    const call = await WireCall.open(this.peer, { uri, headers: SDP, body: this.offer });
    const port = Number(/m=audio (\d+)/.exec(call.accepted.body)?.[1]);
    const leg = { call, id: `conn:${call.remoteTag}`, port };
    this.legs.push(leg);
    return leg;
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private speak(): void {
    this.begunAt = performance.now();
    this.timer = setInterval(() => {
      const due = Math.floor((performance.now() - this.begunAt) / PACKET_MS);
      for (; this.sent < due; this.sent += 1) this.sendTo(this.sent);
    }, PACKET_MS);
  }

  private sendTo(index: number): void {
    for (const { port } of this.legs) {
      const packet = Buffer.alloc(RTP_HEADER + SAMPLES, SILENCE);
      packet[0] = 0x80;
      packet[1] = PCMA;
      packet.writeUInt16BE(index & 0xffff, 2);
      packet.writeUInt32BE((index * SAMPLES) >>> 0, 4);
      packet.writeUInt32BE(port, 8);
      this.socket.send(packet, port, '127.0.0.1');
    }
  }
}
