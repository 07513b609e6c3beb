import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { energyShareAt, sineWave } from '@legato/media';
import { decodeAlaw, encodeAlaw } from './alaw';

const HOST = '127.0.0.1';
const RATE = 8000;
const PACKET_MS = 20;
const SAMPLES = (RATE * PACKET_MS) / 1000;
const HEADER = 12;
const PCMA = 8;
const TELEPHONE_EVENT = 101;
const KEYS = '0123456789*#ABCD';
/** What is kept of what was heard; and the most packets that are sent at once after a pause of the process. */
const KEPT_PACKETS = 50;
const BURST_PACKETS = 10;
const FULL_SCALE = 32_768;
const MARKER = 0x80;
const EVENT_END = 0x80;
const EVENT_VOLUME = 10;
const EVENT_DURATIONS = [160, 480, 800] as const;

/** One party of RTP (PCMA, 20 ms, telephone-event 101): says a tone, presses keys, and knows how loud each tone is that it hears. */
export class RtpVoice {
  /** Packets of audio that were sent, and that came. */
  sentPackets = 0;
  heardPackets = 0;
  private readonly heard: Buffer[] = [];
  private readonly socket: Socket;
  private remotePort = 0;
  private packets: Buffer[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sequence = 0;
  private timestamp = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (packet) => this.hear(packet));
    socket.on('error', () => undefined);
  }

  static async open(): Promise<RtpVoice> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
    return new RtpVoice(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** The m= line, and those that belong to it, of a session description. */
  get media(): string {
    return `m=audio ${this.port} RTP/AVP ${PCMA} ${TELEPHONE_EVENT}\r\na=rtpmap:${TELEPHONE_EVENT} telephone-event/${RATE}`;
  }

  /** Begins to say a sine of a whole number of hertz, without end, whose peak is `amplitude` of 32767; 0 is silence. */
  say(hz: number, amplitude: number, remotePort: number): void {
    this.remotePort = remotePort;
    this.packets = packetsOf(sineWave(hz, 1000, RATE, amplitude), this.port);
    if (this.timer) return;
    const begun = performance.now();
    let due = 0;
    this.timer = setInterval(() => {
      const now = Math.floor((performance.now() - begun) / PACKET_MS);
      due = Math.max(due, now - BURST_PACKETS);
      for (; due < now; due += 1) this.sendNext();
    }, PACKET_MS);
  }

  /** Presses a key for 100 ms of RTP time: telephone-events of RFC 4733, the end three times. */
  press(key: string): void {
    const send = (duration: number, end: number) => {
      const payload = [KEYS.indexOf(key), end | EVENT_VOLUME, duration >> 8, duration & 0xff];
      const packet = Buffer.concat([Buffer.alloc(HEADER), Buffer.from(payload)]);
      writeHeader(packet, TELEPHONE_EVENT, this.port);
      this.sendPacket(packet, this.timestamp);
    };
    for (const duration of EVENT_DURATIONS) send(duration, 0);
    for (let i = 0; i < 3; i += 1) send(EVENT_DURATIONS[2], EVENT_END);
    this.timestamp += EVENT_DURATIONS[2];
  }

  /** Says so many packets at once, ahead of their time. */
  burst(packets: number): void {
    for (let i = 0; i < packets; i += 1) this.sendNext();
  }

  /** Any datagram, from this voice's port. */
  sendRaw(bytes: Buffer): void {
    this.socket.send(bytes, this.remotePort, HOST);
  }

  /** The last `ms` that were heard, or less; a second at most. */
  recent(ms: number): Int16Array {
    const packets = this.heard.slice(-Math.ceil(ms / PACKET_MS));
    return Int16Array.from(packets.flatMap((packet) => [...packet.subarray(HEADER)].map(decodeAlaw)));
  }

  /** The level of a tone in the last `ms` in dB of a sine of full scale; -Infinity for silence. */
  levelDb(hz: number, ms = 200): number {
    return levelDb(this.recent(ms), RATE, hz);
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.close();
  }

  private sendNext(): void {
    const packet = this.packets[this.sentPackets % this.packets.length] as Buffer;
    this.sendPacket(packet, this.timestamp);
    this.timestamp += SAMPLES;
    this.sentPackets += 1;
  }

  private sendPacket(packet: Buffer, timestamp: number): void {
    packet.writeUInt16BE(this.sequence & 0xffff, 2);
    packet.writeUInt32BE(timestamp >>> 0, 4);
    this.sequence += 1;
    // A copy: the bytes are read later, and the next packet may be the same buffer.
    this.socket.send(Buffer.from(packet), this.remotePort, HOST);
  }

  private hear(packet: Buffer): void {
    if (((packet[1] ?? 0) & ~MARKER) !== PCMA) return;
    this.heardPackets += 1;
    this.heard.push(packet);
    if (this.heard.length > KEPT_PACKETS) this.heard.shift();
  }
}

/** The level of one tone in samples, in dB of a sine of full scale. */
export function levelDb(samples: Int16Array, sampleRate: number, hz: number): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const power = (energy / Math.max(1, samples.length)) * energyShareAt(samples, sampleRate, hz);
  return 10 * Math.log10((2 * power) / FULL_SCALE ** 2);
}

function packetsOf(samples: Int16Array, source: number): Buffer[] {
  return Array.from({ length: samples.length / SAMPLES }, (_, index) => {
    const payload = [...samples.subarray(index * SAMPLES, (index + 1) * SAMPLES)].map(encodeAlaw);
    const packet = Buffer.concat([Buffer.alloc(HEADER), Buffer.from(payload)]);
    writeHeader(packet, PCMA, source);
    return packet;
  });
}

function writeHeader(packet: Buffer, payloadType: number, source: number): void {
  packet[0] = 0x80;
  packet[1] = payloadType;
  packet.writeUInt32BE(source, 8);
}
