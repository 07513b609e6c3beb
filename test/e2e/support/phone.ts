import { codecNamed, dtmfTones } from '@legato/media';
import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { description } from './wire-call';
import type { WireMessage } from './wire-message';
import { answerTo, WirePeer } from './wire-peer';

const PCMA = 8;
const TELEPHONE_EVENT = 101;
const FRAME_MS = 20;
const FRAME_SAMPLES = 160;
const HEADER_BYTES = 12;
const KEYS = '0123456789*#ABCD';
/** Between two keys. */
const KEY_GAP_MS = 120;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How keys are sent: as events (RFC 4733), or as tones in the audio. */
type Keys = 'events' | 'tones';

/** A phone that answers every INVITE, says a tone in PCMA, presses keys and keeps what it hears. */
export class Phone {
  private readonly heard: number[] = [];
  private readonly encoder = codecNamed('PCMA')?.createEncoder();
  private readonly decoder = codecNamed('PCMA')?.createDecoder();
  private readonly talking: NodeJS.Timeout;
  private sequence = 0;
  private target = 0;
  private readonly begunAt = performance.now();
  /** Frames of voice and tones. */
  private said = 0;
  /** Keys that are said instead of the voice. */
  private tones: Int16Array = new Int16Array();

  private constructor(
    readonly sip: WirePeer,
    private readonly rtp: Socket,
    private readonly voice: Int16Array,
    private readonly keys: Keys,
  ) {
    rtp.on('message', (packet) => this.hear(packet));
    rtp.on('error', () => undefined);
    sip.onRequest = (request) => this.answer(request);
    this.talking = setInterval(() => this.catchUp(), FRAME_MS);
  }

  /** `voice` is said again and again; 8 kHz. */
  static async open(controlPlanePort: number, voice: Int16Array, keys: Keys = 'events'): Promise<Phone> {
    const rtp = createSocket('udp4');
    await new Promise<void>((resolve) => rtp.bind(0, '127.0.0.1', resolve));
    return new Phone(await WirePeer.open(controlPlanePort), rtp, voice, keys);
  }

  get uri(): string {
    return this.sip.uri;
  }

  /** Presses one key after the other. */
  async press(keys: string): Promise<void> {
    if (this.keys === 'tones') {
      this.tones = dtmfTones(keys);
      return;
    }
    for (const key of keys) {
      this.pressOne(KEYS.indexOf(key));
      await pause(KEY_GAP_MS);
    }
  }

  /** All keys that are said as tones have been. */
  get hasSaidKeys(): boolean {
    return this.tones.length < FRAME_SAMPLES;
  }

  /** How much was heard so far. */
  get heardMs(): number {
    return this.heard.length / 8;
  }

  /** What was heard after `fromMs`. */
  since(fromMs: number): Int16Array {
    return Int16Array.from(this.heard.slice(8 * fromMs));
  }

  async close(): Promise<void> {
    clearInterval(this.talking);
    this.rtp.close();
    await this.sip.close();
  }

  private answer(request: WireMessage): Buffer | undefined {
    if (request.method === 'ACK') return undefined;
    if (request.method !== 'INVITE') return answerTo(request, 200);
    const media = /^m=audio (\d+)/m.exec(request.body);
    if (media) this.target = Number(media[1]);
    const payloadTypes = this.keys === 'events' ? `${PCMA} ${TELEPHONE_EVENT}` : PCMA;
    const audio = `m=audio ${this.rtp.address().port} RTP/AVP ${payloadTypes}`;
    const events = this.keys === 'events' ? ['a=rtpmap:101 telephone-event/8000'] : [];
    return answerTo(request, 200, {
      headers: [`Contact: <${this.sip.uri}>`, 'Content-Type: application/sdp'],
      body: description('127.0.0.1', audio, 'a=rtpmap:8 PCMA/8000', ...events),
    });
  }

  /** As many frames as are due: a timer that comes late must not tear a key in two. */
  private catchUp(): void {
    const due = Math.floor((performance.now() - this.begunAt) / FRAME_MS);
    for (; this.said < due; this.said += 1) this.speak();
  }

  private speak(): void {
    const payload = Buffer.alloc(FRAME_SAMPLES);
    this.encoder?.encode(this.nextFrame(), FRAME_SAMPLES, payload, 0);
    this.send(PCMA, this.sequence * FRAME_SAMPLES, payload);
  }

  private nextFrame(): Int16Array {
    if (this.tones.length >= FRAME_SAMPLES) {
      const frame = this.tones.subarray(0, FRAME_SAMPLES);
      this.tones = this.tones.subarray(FRAME_SAMPLES);
      return frame;
    }
    const from = (this.sequence * FRAME_SAMPLES) % Math.max(1, this.voice.length - FRAME_SAMPLES);
    return this.voice.subarray(from, from + FRAME_SAMPLES);
  }

  /** Its end three times, because packets get lost (RFC 4733 §2.5.1.4). */
  private pressOne(event: number): void {
    const timestamp = this.sequence * FRAME_SAMPLES;
    for (const [duration, end] of [
      [160, 0],
      [480, 0],
      [800, 0x80],
      [800, 0x80],
      [800, 0x80],
    ] as const) {
      const payload = Buffer.from([event, end | 10, duration >> 8, duration & 0xff]);
      this.send(TELEPHONE_EVENT, timestamp, payload);
    }
  }

  private send(payloadType: number, timestamp: number, payload: Buffer): void {
    if (this.target === 0) return;
    const header = Buffer.alloc(HEADER_BYTES);
    header[0] = 0x80;
    header[1] = payloadType;
    header.writeUInt16BE(this.sequence++ & 0xffff, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(this.sip.port, 8);
    this.rtp.send(Buffer.concat([header, payload]), this.target, '127.0.0.1');
  }

  private hear(packet: Buffer): void {
    if (((packet[1] ?? 0) & 0x7f) !== PCMA) return;
    const samples = new Int16Array(packet.length - HEADER_BYTES);
    this.decoder?.decode(packet, HEADER_BYTES, packet.length, samples, 0);
    this.heard.push(...samples);
  }
}
