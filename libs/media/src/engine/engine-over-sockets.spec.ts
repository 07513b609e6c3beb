import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { FakeClock } from '@legato/testing';
import { MU_LAW_DECODE } from '../codecs/g711';
import { readRtpPacket, RtpPacket, writeRtpHeader } from '../rtp/rtp-packet.parser';
import { MediaEngine } from './media-engine';
import type { MediaConnection } from './media-objects';

const FRAME = 160;
const DEADLINE_MS = 10_000;

let clock: FakeClock;
let engine: MediaEngine;
let connection: MediaConnection;
let phones: Phone[];

/** A far end with a socket: says one code of µ-law, and keeps what it hears. */
class Phone {
  readonly heard = new Set<number>();
  private sequence = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly code: number,
  ) {
    const packet = new RtpPacket();
    socket.on('message', (bytes) => {
      if (readRtpPacket(bytes, packet) && packet.payloadEnd > packet.payloadStart)
        this.heard.add(bytes[packet.payloadStart] as number);
    });
  }

  static async open(code: number): Promise<Phone> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Phone(socket, code);
  }

  get port(): number {
    return this.socket.address().port;
  }

  say(): void {
    const packet = new Uint8Array(12 + FRAME).fill(this.code);
    writeRtpHeader(packet, false, 0, this.sequence, this.sequence * FRAME, this.code);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.socket.send(packet, connection.localPort, '127.0.0.1');
  }

  close(): void {
    this.socket.close();
  }
}

const signal = (phone: Phone): void =>
  connection.configure({
    host: '127.0.0.1',
    port: phone.port,
    codec: 'PCMU',
    payloadType: 0,
    direction: 'sendrecv',
  });

/** Phones talk and time passes, until it is so. */
async function until(condition: () => boolean, talking: readonly Phone[]): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('did not happen');
    for (const phone of talking) phone.say();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(20);
  }
}

// Codes that decode to different samples and encode to themselves.
const [FIRST, SECOND] = [0x90, 0xa5];

describe.each(['dgram', 'batched'] as const)('the engine over the sockets of %s (RFC 4961)', (udp) => {
  beforeEach(async () => {
    clock = new FakeClock();
    engine = new MediaEngine({ host: '127.0.0.1', rtpPorts: { first: 12_000, last: 29_999 }, clock, udp });
    engine.start();
    connection = await engine.openConnection('c');
    engine.join('c', 'c');
    phones = [await Phone.open(FIRST), await Phone.open(SECOND)];
    expect(MU_LAW_DECODE[FIRST]).not.toBe(MU_LAW_DECODE[SECOND]);
  });

  afterEach(async () => {
    for (const phone of phones) phone.close();
    await engine.stop();
  });

  it('hears and answers its peer, and nobody else though he goes on talking, until he is the one', async () => {
    const [peer, other] = phones as [Phone, Phone];
    signal(peer);
    await until(() => peer.heard.has(FIRST), [peer]);
    const before = connection.stats.packetsReceived;
    await until(() => connection.stats.packetsReceived > before + 20, phones);
    expect([peer.heard.has(SECOND), other.heard.size]).toEqual([false, 0]);
    signal(other);
    await until(() => other.heard.has(SECOND), phones);
    peer.heard.clear();
    await until(() => connection.stats.packetsReceived > before + 100, phones);
    expect(peer.heard.size).toBe(0);
  });

  it('closes its ports', async () => {
    const [peer] = phones as [Phone];
    signal(peer);
    await until(() => peer.heard.has(FIRST), [peer]);
    const { localPort } = connection;
    await engine.stop();
    const next = createSocket('udp4');
    next.bind(localPort, '127.0.0.1');
    await once(next, 'listening');
    next.close();
  });
});
