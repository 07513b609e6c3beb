import type { IdSource } from '@legato/kernel';
import type { AudioCodec, AudioEncoder } from '../codecs/codec';
import { fillDtmfTone } from '../dtmf/dtmf-tones';
import { EventSender } from '../dtmf/event-sender';
import { digitOfEvent, writeTelephoneEvent } from '../dtmf/telephone-event';
import type { RtpPort } from './rtp-port';
import type { SentMedia } from './rtcp-session';
import { writeRtpHeader } from './rtp-packet.parser';
import type { SourceLatch } from './source-latch';

const HEADER_BYTES = 12;
const EVENT_BYTES = 4;
/** The system takes a datagram at once, save under pressure: then the bytes must live a little longer. */
const PACKETS_IN_TURN = 4;
const LONGEST_PACKET_MS = 60;
/** What fits into an Ethernet frame with its headers, IPv6 included. */
const LARGEST_PAYLOAD_BYTES = 1400;

export interface SenderFormat {
  codec: AudioCodec;
  payloadType: number;
  telephoneEventPayloadType: number | undefined;
  sending: boolean;
  /** What the peer would like: a multiple of the tick is granted, up to 60 ms. */
  ptimeMs: number;
}

/** Buffers of one length, used in turn. */
class PacketRing {
  private packets: Uint8Array[] = [];
  private turn = 0;

  next(bytes: number): Uint8Array {
    if (this.packets[0]?.length !== bytes) {
      this.packets = Array.from({ length: PACKETS_IN_TURN }, () => new Uint8Array(bytes));
    }
    this.turn = (this.turn + 1) % PACKETS_IN_TURN;
    return this.packets[this.turn] as Uint8Array;
  }
}

/** The sending half of a connection: from frames and digits to datagrams, at one packet or less a tick. */
export class RtpSender implements SentMedia {
  packetsSent = 0;
  /** Of payloads (RFC 3550 §6.4.1). */
  octetsSent = 0;
  /** Of the frame that is sent next. */
  timestamp: number;
  readonly ssrc: number;
  private digits: EventSender | undefined;
  private packets: PacketRing | undefined;
  private format: SenderFormat | undefined;
  private encoder: AudioEncoder | undefined;
  private sequence: number;
  private eventTimestamp = 0;
  private marker = true;
  private tone: Int16Array | undefined;
  private payload = new Uint8Array(0);
  private payloadBytes = 0;
  private payloadTicks = 0;
  private payloadTimestamp = 0;

  constructor(
    private readonly port: RtpPort,
    private readonly latch: SourceLatch,
    ids: IdSource,
    private readonly tickMs: number,
  ) {
    this.ssrc = parseInt(ids.token(4), 16);
    this.sequence = parseInt(ids.token(2), 16);
    this.timestamp = parseInt(ids.token(4), 16);
  }

  /** The digits that are to be sent; not there before the first. */
  get events(): EventSender {
    return (this.digits ??= new EventSender(this.tickMs));
  }

  configure(format: SenderFormat): void {
    if (this.format?.codec !== format.codec) {
      this.encoder = format.codec.createEncoder();
      this.tone = undefined;
    }
    if (!this.format?.sending) this.marker = true;
    this.payloadBytes = this.payloadTicks = 0;
    const largest = (LONGEST_PACKET_MS * format.codec.sampleRate) / 1000 / format.codec.samplesPerByte;
    if (this.payload.length < largest) this.payload = new Uint8Array(largest);
    this.format = format;
  }

  /** Sends the frame of this tick, or the packet of a digit instead of it (RFC 4733 §2.5.1.1). */
  send(frame: Int16Array): void {
    const format = this.format;
    if (!format) return;
    if (format.sending && this.latch.reachable) {
      if (!this.digits?.tick()) this.sendAudio(format, frame);
      else if (format.telephoneEventPayloadType === undefined)
        this.sendAudio(format, this.toneFrame(format, frame));
      else this.sendEvent(format.telephoneEventPayloadType);
      this.latch.noteSent(this.tickMs);
    }
    this.pass(1);
  }

  /** Ticks that did not happen: the timestamp tells the peer of their time. */
  pass(ticks: number): void {
    const units = ((this.format?.codec.clockRate ?? 0) * this.tickMs * ticks) / 1000;
    this.timestamp = (this.timestamp + units) >>> 0;
  }

  private toneFrame(format: SenderFormat, frame: Int16Array): Int16Array {
    const tone = (this.tone ??= new Int16Array(frame.length));
    const startMs = this.events.durationMs - this.tickMs;
    if (this.events.isTail) tone.fill(0);
    else
      fillDtmfTone(
        tone,
        digitOfEvent(this.events.event) ?? '',
        (startMs * format.codec.sampleRate) / 1000,
        format.codec.sampleRate,
        this.events.levelDbm0,
      );
    return tone;
  }

  private sendAudio(format: SenderFormat, frame: Int16Array): void {
    const granted = Math.min(format.ptimeMs, LONGEST_PACKET_MS);
    const isLarge = frame.length / format.codec.samplesPerByte > LARGEST_PAYLOAD_BYTES / 2;
    if (isLarge || granted < 2 * this.tickMs) return this.sendFrame(format, frame);
    if (this.payloadTicks === 0) this.payloadTimestamp = this.timestamp;
    this.payloadBytes += this.encoder?.encode(frame, frame.length, this.payload, this.payloadBytes) ?? 0;
    this.payloadTicks += 1;
    if ((this.payloadTicks + 1) * this.tickMs > granted) this.flushAudio(format);
  }

  /** One frame is one packet, encoded where it is sent from; or several, where one would not fit into a datagram. */
  private sendFrame(format: SenderFormat, frame: Int16Array): void {
    const { samplesPerByte, clockRate, sampleRate } = format.codec;
    const parts = Math.ceil(frame.length / samplesPerByte / LARGEST_PAYLOAD_BYTES);
    const samples = frame.length / parts;
    for (let part = 0; part < parts; part++) {
      const packet = this.nextPacket(HEADER_BYTES + samples / samplesPerByte);
      const from = part === 0 ? frame : frame.subarray(part * samples);
      this.encoder?.encode(from, samples, packet, HEADER_BYTES);
      const units = (part * samples * clockRate) / sampleRate;
      this.transmit(packet, this.marker, format.payloadType, (this.timestamp + units) >>> 0);
      this.marker = false;
    }
  }

  private flushAudio(format: SenderFormat): void {
    const packet = this.nextPacket(HEADER_BYTES + this.payloadBytes);
    for (let i = 0; i < this.payloadBytes; i++) packet[HEADER_BYTES + i] = this.payload[i] as number;
    this.payloadBytes = this.payloadTicks = 0;
    this.transmit(packet, this.marker, format.payloadType, this.payloadTimestamp);
    this.marker = false;
  }

  private sendEvent(payloadType: number): void {
    const { events } = this;
    if (this.format && this.payloadBytes > 0) this.flushAudio(this.format);
    if (events.isFirst) this.eventTimestamp = this.timestamp;
    const packet = this.nextPacket(HEADER_BYTES + EVENT_BYTES);
    const units = (events.durationMs * (this.format?.codec.clockRate ?? 0)) / 1000;
    writeTelephoneEvent(packet, HEADER_BYTES, events.event, events.isEnd, units, events.levelDbm0);
    this.transmit(packet, events.isFirst, payloadType, this.eventTimestamp);
  }

  /** Memory for the packet that is sent next. */
  private nextPacket(bytes: number): Uint8Array {
    return this.port.lend?.(bytes) ?? (this.packets ??= new PacketRing()).next(bytes);
  }

  private transmit(packet: Uint8Array, marker: boolean, payloadType: number, timestamp: number): void {
    writeRtpHeader(packet, marker, payloadType, this.sequence, timestamp, this.ssrc);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.packetsSent += 1;
    this.octetsSent += packet.length - HEADER_BYTES;
    this.port.send(packet, this.latch.host, this.latch.port);
  }
}
