import type { Clock } from '@legato/kernel';
import type { AudioCodec } from '../codecs/codec';
import { EventReceiver } from '../dtmf/event-receiver';
import { PitchConcealment } from './concealment';
import { JitterBuffer } from './jitter-buffer';
import { ReceptionStatistics } from './reception-statistics';
import { RtpPacket, readRtpPacket } from './rtp-packet.parser';
import type { SourceLatch } from './source-latch';

const DEFAULT_CLOCK_RATE = 8000;

/** The packet that is read now: one for all, so that it is near the processor. */
const packet = new RtpPacket();

export interface ReceiverFormat {
  codec: AudioCodec;
  payloadType: number;
  telephoneEventPayloadType: number | undefined;
  /** False while the direction says that we do not listen: everything is dropped. */
  receiving: boolean;
}

export interface ReceiverOutput {
  digit(digit: string, durationMs: number): void;
  /** No packet has come for `timeoutMs`. */
  inactive(): void;
  /** From now on this source alone is heard. */
  latched(host: string, port: number): void;
}

/** The receiving half of a connection: from datagrams to frames and digits. */
export class RtpReceiver {
  packetsReceived = 0;
  packetsDropped = 0;
  readonly statistics = new ReceptionStatistics();
  /** Of the source that is heard; 0 while there is none. */
  ssrc = 0;
  private format: ReceiverFormat | undefined;
  private jitter: JitterBuffer | undefined;
  private events: EventReceiver | undefined;
  private quietMs = 0;
  private reportedQuiet = false;

  /** `timeoutMs` 0: silence is never reported. */
  constructor(
    private readonly latch: SourceLatch,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
    private readonly output: ReceiverOutput,
  ) {}

  configure(format: ReceiverFormat): void {
    if (this.format?.codec !== format.codec) {
      this.jitter = new JitterBuffer(format.codec, new PitchConcealment(format.codec.sampleRate));
      this.events?.reset();
      this.events = undefined;
    }
    if (!format.receiving) this.forgetSource();
    if (format.receiving && !this.format?.receiving) this.quietMs = 0;
    this.format = format;
  }

  /** Timestamp units a second of what is received. */
  get clockRate(): number {
    return this.format?.codec.clockRate ?? DEFAULT_CLOCK_RATE;
  }

  /** Takes a datagram from the network; copies what it needs. Never throws. */
  receive(bytes: Uint8Array, host: string, port: number): void {
    if (this.accept(bytes, host, port)) this.packetsReceived += 1;
    else this.packetsDropped += 1;
  }

  /** Fills the frame of this tick; false when it is silence. */
  pull(frame: Int16Array, tickMs: number): boolean {
    this.events?.elapse(tickMs);
    this.watch(tickMs);
    if (this.jitter && this.format?.receiving) return this.jitter.pull(frame);
    frame.fill(0);
    return false;
  }

  private accept(bytes: Uint8Array, host: string, port: number): boolean {
    const format = this.format;
    if (!format?.receiving || !readRtpPacket(bytes, packet)) return false;
    const type = packet.payloadType;
    const isEvent = type === format.telephoneEventPayloadType;
    if (!isEvent && type !== format.payloadType) return false;
    const verdict = this.latch.accept(host, port);
    if (verdict === 'foreign') return false;
    if (verdict === 'latched') this.output.latched(host, port);
    this.quietMs = 0;
    this.reportedQuiet = false;
    this.follow(packet.ssrc);
    return isEvent ? this.takeEvent(bytes) : this.takeAudio(bytes, format.codec.clockRate);
  }

  /** A new source starts with new numbers (RFC 3550 §8.2). */
  private follow(ssrc: number): void {
    if (ssrc === this.ssrc) return;
    this.forgetSource();
    this.ssrc = ssrc;
  }

  private forgetSource(): void {
    this.ssrc = 0;
    this.statistics.reset();
    this.jitter?.reset();
    this.events?.reset();
  }

  private takeEvent(bytes: Uint8Array): boolean {
    const { payloadStart, payloadEnd, sequenceNumber, timestamp } = packet;
    this.statistics.count(sequenceNumber);
    this.events ??= new EventReceiver(this.clockRate, (digit, ms) => this.output.digit(digit, ms));
    return this.events.receive(bytes, payloadStart, payloadEnd, timestamp);
  }

  private takeAudio(bytes: Uint8Array, clockRate: number): boolean {
    const { payloadStart, payloadEnd, sequenceNumber, timestamp } = packet;
    this.statistics.receive(sequenceNumber, timestamp, (this.clock.now() * clockRate) / 1000);
    return this.jitter?.insert(bytes, payloadStart, payloadEnd, sequenceNumber, timestamp) === 'stored';
  }

  private watch(tickMs: number): void {
    if (this.timeoutMs === 0 || !this.format?.receiving || this.reportedQuiet) return;
    this.quietMs += tickMs;
    if (this.quietMs < this.timeoutMs) return;
    this.reportedQuiet = true;
    this.output.inactive();
  }
}
