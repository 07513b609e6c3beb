import type { Clock, IdSource, Log } from '@legato/kernel';
import { codecNamed } from '../codecs/codec-table';
import { PCMU } from '../codecs/g711';
import { DtmfDetector } from '../dtmf/dtmf-detector';
import { FRAME_MS, addFrame, frameSamples, saturate } from '../mixer/frame';
import type { AudioSource, AudioTap, MediaNode } from '../mixer/media-node';
import { Ear } from '../mixer/ear';
import type { Stream } from '../mixer/stream';
import type { Transformer } from '../mixer/transformer';
import { RtcpSession } from '../rtp/rtcp-session';
import type { RtpPort } from '../rtp/rtp-port';
import { RtpReceiver } from '../rtp/rtp-receiver';
import { RtpSender } from '../rtp/rtp-sender';
import { SourceLatch } from '../rtp/source-latch';
import type {
  ConnectionStats,
  DigitOptions,
  MediaConnection,
  RemoteMedia,
  TransformPlace,
} from './media-objects';
import { TransformTable } from './transform-table';

export interface RtpConnectionOptions {
  id: string;
  latching: 'same-address' | 'any';
  unheardMs: number;
  rtpTimeoutMs: number;
  clock: Clock;
  ids: IdSource;
  log: Log;
  /** Ends what plays and records on the connection, and takes it out of the engine. */
  release(connection: RtpConnection): Promise<void>;
}

/** One for all, so that it is near the processor. */
const NONE: readonly never[] = [];

/** An RTP endpoint as a node of the mix: it says what it receives and sends what it hears. */
export class RtpConnection implements MediaConnection, MediaNode {
  readonly id: string;
  readonly inbound: Stream[] = [];
  readonly outbound: Stream[] = [];
  sources: readonly AudioSource[] = NONE;
  taps: readonly AudioTap[] = NONE;
  toneHeard = false;
  tonesWanted = 0;
  /** What it hears, for those who monitor it. */
  readonly ear = new Ear(this);
  private transforms: TransformTable | undefined;
  sampleRate = PCMU.sampleRate;
  private readonly latch: SourceLatch;
  private readonly receiver: RtpReceiver;
  private sender: RtpSender | undefined;
  private rtcp: RtcpSession | undefined;
  private port: RtpPort | undefined;
  private said = new Int16Array(0);
  private heard = new Int16Array(0);
  private played = new Int16Array(0);
  private sum = new Int32Array(0);
  private saying = false;
  /** What it says behind its transformers; undefined is silence. */
  private saidToOthers: Int16Array | undefined;
  /** The peer knows no telephone-events. */
  private tonesAreDigits = false;
  private detector: DtmfDetector | undefined;
  private readonly digitListeners = new Set<(digit: string, durationMs: number) => void>();
  private readonly inactiveListeners = new Set<() => void>();
  private closing: Promise<void> | undefined;

  constructor(private readonly options: RtpConnectionOptions) {
    this.id = options.id;
    this.latch = new SourceLatch(options.latching, options.unheardMs);
    this.receiver = new RtpReceiver(this.latch, options.rtpTimeoutMs, options.clock, {
      digit: (digit, durationMs) => this.reportDigit(digit, durationMs),
      inactive: () => this.inactiveListeners.forEach((listener) => listener()),
      latched: (host, port) => this.port?.connect?.(host, port),
    });
    this.allocate();
  }

  get localPort(): number {
    return this.port?.localPort ?? 0;
  }

  get stats(): ConnectionStats {
    const { receiver } = this;
    return {
      packetsReceived: receiver.packetsReceived,
      packetsSent: this.sender?.packetsSent ?? 0,
      packetsDropped: receiver.packetsDropped,
      packetsLost: receiver.statistics.lost,
      jitterMs: (receiver.statistics.jitter * 1000) / receiver.clockRate,
      ...(this.rtcp?.remote ? { remote: this.rtcp.remote } : {}),
    };
  }

  /** Gives the connection its sockets; packets go to `receiveRtp` and `receiveRtcp`. */
  attach(port: RtpPort): void {
    const { clock, ids } = this.options;
    this.port = port;
    this.sender = new RtpSender(port, this.latch, ids, FRAME_MS);
    this.rtcp = new RtcpSession({
      clock,
      sent: this.sender,
      received: this.receiver.statistics,
      cname: ids.token(8),
      phase: parseInt(ids.token(1), 16) / 256,
      send: (bytes) => {
        if (this.latch.reachable) port.sendRtcp(bytes, this.latch.host, this.latch.port + 1);
      },
    });
  }

  configure(remote: RemoteMedia): void {
    const codec = codecNamed(remote.codec);
    if (!codec) return this.options.log.warn('unknown codec', { connection: this.id, codec: remote.codec });
    const { direction, payloadType, telephoneEventPayloadType } = remote;
    if (this.latch.signal(remote.host, remote.port)) this.port?.disconnect?.();
    this.tonesAreDigits = telephoneEventPayloadType === undefined;
    const receiving = direction === 'sendrecv' || direction === 'recvonly';
    const sending = direction === 'sendrecv' || direction === 'sendonly';
    this.receiver.configure({ codec, payloadType, telephoneEventPayloadType, receiving });
    const ptimeMs = remote.ptimeMs ?? FRAME_MS;
    this.sender?.configure({ codec, payloadType, telephoneEventPayloadType, sending, ptimeMs });
    if (codec.sampleRate === this.sampleRate) return;
    this.sampleRate = codec.sampleRate;
    this.allocate();
  }

  onDigit(listener: (digit: string, durationMs: number) => void): () => void {
    this.digitListeners.add(listener);
    return () => void this.digitListeners.delete(listener);
  }

  onInactive(listener: () => void): () => void {
    this.inactiveListeners.add(listener);
    return () => void this.inactiveListeners.delete(listener);
  }

  sendDigits(digits: string, options: DigitOptions = {}): void {
    this.sender?.events.enqueue(digits, options.durationMs, options.intervalMs, options.levelDbm0);
  }

  /** Puts a transformer in a place, behind those that are there; returns its removal. */
  transform(place: TransformPlace, transformer: Transformer): () => void {
    const remove =
      place === 'returned'
        ? this.returnSaid(transformer)
        : (this.transforms ??= new TransformTable()).add(place, transformer);
    const tones = transformer.heedsTones ? 1 : 0;
    this.tonesWanted += tones;
    return () => {
      remove();
      this.tonesWanted -= tones;
    };
  }

  /** Lets the connection hear what it says, behind a transformer. */
  private returnSaid(transformer: Transformer): () => void {
    const source: AudioSource = {
      pull: (frame) => {
        const out = this.saying ? transformer.process(this.said, this.toneHeard) : undefined;
        if (out) frame.set(out);
        else frame.fill(0);
        return true;
      },
    };
    this.sources = [...this.sources, source];
    return () => {
      this.sources = this.sources.filter((each) => each !== source);
    };
  }

  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  receiveRtp(bytes: Uint8Array, host: string, port: number): void {
    this.receiver.receive(bytes, host, port);
  }

  receiveRtcp(bytes: Uint8Array, host: string): void {
    if (host !== this.latch.host) return;
    this.latch.noteReport();
    this.rtcp?.receive(bytes, this.receiver.clockRate);
  }

  /** First half of a tick: what the far end says. */
  listen(skippedTicks: number): void {
    this.saying = this.receiver.pull(this.said, FRAME_MS);
    this.listenForTones();
    this.saidToOthers = this.transforms
      ? this.transforms.process('said', this.said, this.toneHeard)
      : this.said;
    if (skippedTicks > 0) this.sender?.pass(skippedTicks);
  }

  /** Second half, after the conferences have mixed: what the far end hears. */
  speak(): void {
    const mixed = this.mix();
    const hears = this.transforms
      ? (this.transforms.process('heard', mixed, false) ?? this.silence())
      : mixed;
    this.ear.hear(hears);
    for (const tap of this.taps) tap.take(this.said, hears);
    this.sender?.send(hears);
    this.rtcp?.elapse(FRAME_MS, this.receiver.ssrc);
  }

  give(stream: Stream): void {
    stream.frame = this.saidToOthers ?? this.said;
    stream.audible = this.saying && this.saidToOthers !== undefined;
  }

  /** Digits that come as tones: where none come as events, or where somebody wants them out of the audio. */
  private listenForTones(): void {
    if (!this.tonesAreDigits && this.tonesWanted === 0) return void (this.toneHeard = false);
    this.detector ??= new DtmfDetector((digit, durationMs) => {
      if (this.tonesAreDigits) this.digitListeners.forEach((listener) => listener(digit, durationMs));
    });
    this.detector.hear(this.said, this.saying);
    this.toneHeard = this.detector.toneHeard;
  }

  /** What is played mutes the joins for its time. */
  private mix(): Int16Array {
    if (this.sources.length > 0 && this.mixSources()) return this.heard;
    if (this.inbound.length > 1) return this.mixInbound();
    const only = this.inbound[0];
    only?.carry();
    return only?.audible ? only.frame : this.silence();
  }

  private mixSources(): boolean {
    let active = false;
    this.sum.fill(0);
    for (const source of this.sources) {
      if (!source.pull(this.played)) continue;
      addFrame(this.sum, this.played);
      active = true;
    }
    if (active) saturate(this.sum, this.heard);
    return active;
  }

  private mixInbound(): Int16Array {
    this.sum.fill(0);
    for (const stream of this.inbound) {
      stream.carry();
      if (stream.audible) addFrame(this.sum, stream.frame);
    }
    saturate(this.sum, this.heard);
    return this.heard;
  }

  private silence(): Int16Array {
    this.heard.fill(0);
    return this.heard;
  }

  /** Digits do not travel as audio, so they are sent again to whom this connection is joined with. */
  private reportDigit(digit: string, durationMs: number): void {
    for (const { to } of this.outbound) {
      if (to instanceof RtpConnection && to !== this) to.sendDigits(digit, { durationMs });
    }
    this.digitListeners.forEach((listener) => listener(digit, durationMs));
  }

  private async release(): Promise<void> {
    await this.options.release(this);
    this.digitListeners.clear();
    this.inactiveListeners.clear();
    this.rtcp?.leave(this.receiver.ssrc);
    await this.port?.close();
  }

  private allocate(): void {
    const samples = frameSamples(this.sampleRate);
    this.said = new Int16Array(samples);
    this.heard = new Int16Array(samples);
    this.played = new Int16Array(samples);
    this.sum = new Int32Array(samples);
    this.saying = false;
  }
}
