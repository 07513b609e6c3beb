import { codecNamed } from '@legato/media';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';

const PAYLOAD_TYPE = 8;
const FRAME_MS = 20;
const FRAME_SAMPLES = 160;
const HEADER_BYTES = 12;

/** A phone on a real socket: says a tone in PCMA packets of 20 ms, and keeps what it hears. */
export class RtpPhone {
  private readonly heard: number[] = [];
  private readonly encoder = codecNamed('PCMA')?.createEncoder();
  private readonly decoder = codecNamed('PCMA')?.createDecoder();
  private talking: NodeJS.Timeout | undefined;
  private sequence = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet) => this.hear(packet));
    socket.on('error', () => undefined);
  }

  static async open(): Promise<RtpPhone> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new RtpPhone(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** The session description of an offer or answer. */
  get description(): string {
    return `v=0\r\no=phone 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${this.port} RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n`;
  }

  /** Begins to say `samples`, again and again. */
  say(samples: Int16Array, port: number): void {
    let at = 0;
    this.talking = setInterval(() => {
      if (at + FRAME_SAMPLES > samples.length) at = 0;
      this.sendFrame(samples.subarray(at, at + FRAME_SAMPLES), port);
      at += FRAME_SAMPLES;
    }, FRAME_MS);
  }

  /** Presses a key: telephone-events of RFC 4733, its end three times. */
  press(key: number, port: number): void {
    const timestamp = this.sequence * FRAME_SAMPLES;
    for (const [duration, end] of [
      [160, 0],
      [480, 0],
      [800, 0x80],
      [800, 0x80],
      [800, 0x80],
    ] as const) {
      const packet = this.packet(
        101,
        timestamp,
        Buffer.from([key, end | 10, duration >> 8, duration & 0xff]),
      );
      this.socket.send(packet, port, '127.0.0.1');
    }
  }

  /** How much was heard so far. */
  get heardMs(): number {
    return this.heard.length / 8;
  }

  /** The last `ms` that were heard, or less. */
  recent(ms: number): Int16Array {
    return Int16Array.from(this.heard.slice(-8 * ms));
  }

  close(): void {
    clearInterval(this.talking);
    this.socket.close();
  }

  private sendFrame(samples: Int16Array, port: number): void {
    const payload = Buffer.alloc(FRAME_SAMPLES);
    this.encoder?.encode(samples, FRAME_SAMPLES, payload, 0);
    this.socket.send(this.packet(PAYLOAD_TYPE, this.sequence * FRAME_SAMPLES, payload), port, '127.0.0.1');
  }

  private packet(payloadType: number, timestamp: number, payload: Buffer): Buffer {
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = 0x80;
    header[1] = payloadType;
    header.writeUInt16BE(this.sequence++ & 0xffff, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(this.port, 8);
    return Buffer.concat([header, payload]);
  }

  private hear(packet: Buffer): void {
    if (((packet[1] ?? 0) & 0x7f) !== PAYLOAD_TYPE) return;
    const samples = new Int16Array(packet.length - HEADER_BYTES);
    this.decoder?.decode(packet, HEADER_BYTES, packet.length, samples, 0);
    this.heard.push(...samples);
  }
}
