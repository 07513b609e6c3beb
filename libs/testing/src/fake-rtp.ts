import type {
  AudioCodec,
  AudioDecoder,
  AudioEncoder,
  PacketListener,
  RtpPort,
  RtpPortFactory,
} from '@legato/media';

const FRAME_MS = 20;
const HEADER_BYTES = 12;

export interface HeardPacket {
  marker: boolean;
  payloadType: number;
  sequenceNumber: number;
  timestamp: number;
  ssrc: number;
  payload: Uint8Array;
}

interface OpenPort extends RtpPort {
  onRtp: PacketListener;
  onRtcp: PacketListener;
}

/** RTP ports without sockets: what an engine sends reaches the {@link FakePhone} at that address at once. */
export class FakeRtpNetwork implements RtpPortFactory {
  readonly ports = new Map<number, OpenPort>();
  readonly phones = new Map<string, FakePhone>();
  /** RTCP datagrams that were sent, with their destination. */
  readonly rtcp: { to: string; bytes: Uint8Array }[] = [];
  /** Ticks that the engine has ended. */
  flushes = 0;
  /** The next port that `open` gives. */
  nextPort = 10_000;

  open(onRtp: PacketListener, onRtcp: PacketListener): Promise<RtpPort> {
    const localPort = this.nextPort;
    this.nextPort += 2;
    const port: OpenPort = {
      localPort,
      onRtp,
      onRtcp,
      send: (bytes, host, to) => this.phones.get(`${host}:${to}`)?.receive(bytes),
      sendRtcp: (bytes, host, to) => void this.rtcp.push({ to: `${host}:${to}`, bytes: bytes.slice() }),
      close: () => {
        this.ports.delete(localPort);
        return Promise.resolve();
      },
    };
    this.ports.set(localPort, port);
    return Promise.resolve(port);
  }

  flush(): void {
    this.flushes += 1;
  }
}

/** The far end of a connection: says what it is told to, one packet a tick, and keeps what it hears. */
export class FakePhone {
  readonly packets: HeardPacket[] = [];
  /** The engine's port that it talks to. */
  remotePort = 0;
  payloadType = 0;
  sequenceNumber = 65_530;
  timestamp = 0xfffffc00;
  ssrc = 0x1234;
  private readonly encoder: AudioEncoder;
  private readonly decoder: AudioDecoder;
  private queue: number[] = [];
  private silent = false;

  constructor(
    private readonly network: FakeRtpNetwork,
    readonly host: string,
    readonly port: number,
    private readonly codec: AudioCodec,
  ) {
    this.encoder = codec.createEncoder();
    this.decoder = codec.createDecoder();
    network.phones.set(`${host}:${port}`, this);
  }

  /** Queues audio; when it is at its end, silence follows. */
  say(samples: Int16Array): void {
    for (const sample of samples) this.queue.push(sample);
  }

  /** From now on no packets are sent, as on hold. */
  fallSilent(silent = true): void {
    this.silent = silent;
  }

  /** Sends the packet of this tick. */
  tick(): void {
    const count = (this.codec.sampleRate * FRAME_MS) / 1000;
    const frame = Int16Array.from({ length: count }, (_, i) => this.queue[i] ?? 0);
    this.queue = this.queue.slice(count);
    const payload = new Uint8Array(count * 2);
    const bytes = this.encoder.encode(frame, count, payload, 0);
    if (!this.silent) this.send(this.payloadType, payload.subarray(0, bytes), this.timestamp);
    this.timestamp = (this.timestamp + (this.codec.clockRate * FRAME_MS) / 1000) >>> 0;
  }

  /** Sends one telephone-event as it is on the wire: three packets of its course and three of its end (RFC 4733 §2.5). */
  press(event: number, payloadType: number, duration = 800): void {
    const packet = (end: boolean, length: number) =>
      this.send(
        payloadType,
        Uint8Array.of(event, (end ? 0x80 : 0) | 10, length >> 8, length & 0xff),
        this.timestamp,
      );
    for (const part of [0.2, 0.4, 0.6]) packet(false, Math.round(duration * part));
    for (let i = 0; i < 3; i++) packet(true, duration);
    this.timestamp = (this.timestamp + duration) >>> 0;
  }

  /** Sends one RTP packet from this phone's address, or from another one. */
  send(
    payloadType: number,
    payload: Uint8Array,
    timestamp: number,
    from = { host: this.host, port: this.port },
  ): void {
    const bytes = Buffer.alloc(HEADER_BYTES + payload.length);
    bytes.writeUInt8(0x80, 0);
    bytes.writeUInt8(payloadType, 1);
    bytes.writeUInt16BE(this.sequenceNumber, 2);
    bytes.writeUInt32BE(timestamp, 4);
    bytes.writeUInt32BE(this.ssrc, 8);
    bytes.set(payload, HEADER_BYTES);
    this.sequenceNumber = (this.sequenceNumber + 1) & 0xffff;
    this.network.ports.get(this.remotePort)?.onRtp(bytes, from.host, from.port);
  }

  receive(bytes: Uint8Array): void {
    const packet = Buffer.from(bytes);
    this.packets.push({
      marker: packet.readUInt8(1) > 127,
      payloadType: packet.readUInt8(1) & 0x7f,
      sequenceNumber: packet.readUInt16BE(2),
      timestamp: packet.readUInt32BE(4),
      ssrc: packet.readUInt32BE(8),
      payload: packet.subarray(HEADER_BYTES),
    });
  }

  /** The audio of all packets of its payload type since the last call. */
  heard(): Int16Array {
    const parts: number[] = [];
    const samples = new Int16Array(8192);
    for (const { payloadType, payload } of this.packets.splice(0)) {
      if (payloadType !== this.payloadType) continue;
      parts.push(...samples.subarray(0, this.decoder.decode(payload, 0, payload.length, samples, 0)));
    }
    return Int16Array.from(parts);
  }

  /** The telephone-events since the last call, by their timestamps: code and final duration. */
  events(payloadType: number): { event: number; duration: number; ends: number }[] {
    const found = new Map<number, { event: number; duration: number; ends: number }>();
    for (const packet of this.packets) {
      if (packet.payloadType !== payloadType) continue;
      const [event = 0, flags = 0, high = 0, low = 0] = packet.payload;
      const entry = found.get(packet.timestamp) ?? { event, duration: 0, ends: 0 };
      entry.duration = Math.max(entry.duration, high * 256 + low);
      if (flags >= 0x80) entry.ends += 1;
      found.set(packet.timestamp, entry);
    }
    return [...found.values()];
  }
}
