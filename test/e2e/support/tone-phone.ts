import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { energyShareAt } from '@legato/media';
import { decodeAlaw, encodeAlaw } from './alaw';
import { PACKET_MS } from './tone-pcap';
import { description, SDP, WireCall } from './wire-call';
import type { WireMessage } from './wire-message';
import { answerTo, WirePeer } from './wire-peer';

const RATE = 8000;
const SAMPLES = (RATE * PACKET_MS) / 1000;
const RTP_HEADER = 12;
const TELEPHONE_EVENT = 101;
const KEYS = '0123456789*#ABCD';
/** What is listened to at a time: long enough to tell tones apart that are 100 Hz apart. */
const WINDOW_SAMPLES = RATE / 2;
/** A tone in a mix of three has a third of the energy; one that is not there next to nothing. */
const HEARD_SHARE = 0.12;
const UNHEARD_SHARE = 0.03;

/** A phone that calls, and answers every call, says one tone, and knows which tones and keys (RFC 4733) it hears. */
export class TonePhone {
  /** Keys that were heard, each once. */
  digits = '';
  private readonly samples: number[] = [];
  private lastKeyAt: number | undefined;
  private outgoing: WireCall | undefined;
  private remote: { readonly host: string; readonly port: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;
  private begunAt = 0;

  private constructor(
    readonly hz: number,
    private readonly peer: WirePeer,
    private readonly rtp: Socket,
  ) {
    peer.onRequest = (request) => this.answer(request);
    rtp.on('message', (packet) => this.hear(packet));
    rtp.on('error', () => undefined);
  }

  static async open(hz: number, legatoPort: number): Promise<TonePhone> {
    const peer = await WirePeer.open(legatoPort);
    const rtp = createSocket('udp4');
    await new Promise<void>((resolve) => rtp.bind(0, '127.0.0.1', resolve));
    return new TonePhone(hz, peer, rtp);
  }

  get uri(): string {
    return this.peer.uri;
  }

  /** Calls, and comes back when it is answered; throws when it is refused. */
  async call(uri: string): Promise<void> {
    this.outgoing = await WireCall.open(this.peer, { uri, headers: SDP, body: this.offer() });
    this.speakTo(this.outgoing.accepted.body);
  }

  async hangUp(): Promise<void> {
    await this.outgoing?.hangUp();
    clearInterval(this.timer);
  }

  /** Requests of a method that came, in order. */
  requests(method: string): readonly WireMessage[] {
    return this.peer.heard.filter((message) => message.method === method);
  }

  get isHungUp(): boolean {
    return this.peer.heard.some(({ method }) => method === 'BYE');
  }

  /** Whether exactly these tones are heard just now, of those that are looked for. */
  hears(tones: readonly number[], others: readonly number[]): boolean {
    if (this.samples.length < WINDOW_SAMPLES) return false;
    const window = Int16Array.from(this.samples.slice(-WINDOW_SAMPLES));
    const share = (hz: number) => energyShareAt(window, RATE, hz);
    return tones.every((hz) => share(hz) > HEARD_SHARE) && others.every((hz) => share(hz) < UNHEARD_SHARE);
  }

  /** Forgets what was heard so far: what is heard from now on counts. */
  forget(): void {
    this.samples.length = 0;
  }

  /** What is heard, for the message of a test that fails. */
  shares(tones: readonly number[]): Record<string, number> {
    const window = Int16Array.from(this.samples.slice(-WINDOW_SAMPLES));
    return Object.fromEntries(tones.map((hz) => [hz, energyShareAt(window, RATE, hz)]));
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.peer.close(), new Promise<void>((resolve) => this.rtp.close(() => resolve()))]);
  }

  private offer(): string {
    const { port } = this.rtp.address();
    const formats = ['a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000'];
    return description('127.0.0.1', `m=audio ${port} RTP/AVP 8 101`, ...formats);
  }

  private answer(request: WireMessage): Buffer | undefined {
    // The answer to what we have offered in our 200.
    if (request.method === 'ACK' && request.body !== '') this.speakTo(request.body);
    if (request.method === 'ACK') return undefined;
    if (request.method === 'BYE') clearInterval(this.timer);
    if (request.method !== 'INVITE') return answerTo(request, 200);
    if (request.body !== '') this.speakTo(request.body);
    return answerTo(request, 200, {
      tag: `phone-${this.hz}`,
      headers: [`Contact: <${this.uri}>`, `Content-Type: ${SDP['Content-Type']}`],
      body: this.offer(),
    });
  }

  private speakTo(offer: string): void {
    const port = Number(/m=audio (\d+)/.exec(offer)?.[1]);
    this.remote = { host: '127.0.0.1', port };
    clearInterval(this.timer);
    this.begunAt = performance.now();
    this.sent = 0;
    this.timer = setInterval(() => this.catchUp(), PACKET_MS);
  }

  /** As many packets as are due: a timer that comes late must not stretch the tone. */
  private catchUp(): void {
    const due = Math.floor((performance.now() - this.begunAt) / PACKET_MS);
    for (; this.sent < due; this.sent += 1) this.sendPacket(this.sent);
  }

  private sendPacket(index: number): void {
    const packet = Buffer.alloc(RTP_HEADER + SAMPLES);
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt16BE(index & 0xffff, 2);
    packet.writeUInt32BE((index * SAMPLES) >>> 0, 4);
    packet.writeUInt32BE(this.hz, 8);
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const time = (index * SAMPLES + sample) / RATE;
      packet[RTP_HEADER + sample] = encodeAlaw(Math.round(8_000 * Math.sin(2 * Math.PI * this.hz * time)));
    }
    if (this.remote) this.rtp.send(packet, this.remote.port, this.remote.host);
  }

  private hear(packet: Buffer): void {
    if (packet.length > RTP_HEADER && (packet[1]! & 0x7f) === TELEPHONE_EVENT) this.hearKey(packet);
    if (packet.length <= RTP_HEADER || (packet[1]! & 0x7f) !== 8) return;
    for (const byte of packet.subarray(RTP_HEADER)) this.samples.push(decodeAlaw(byte));
    if (this.samples.length > 2 * WINDOW_SAMPLES)
      this.samples.splice(0, this.samples.length - WINDOW_SAMPLES);
  }

  /** All packets of a key have its timestamp (RFC 4733 §2.3.4). */
  private hearKey(packet: Buffer): void {
    const at = packet.readUInt32BE(4);
    if (at === this.lastKeyAt) return;
    this.lastKeyAt = at;
    this.digits += KEYS.charAt(packet[RTP_HEADER]!);
  }
}
