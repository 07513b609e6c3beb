import { udpIoOf } from '../../libs/media/src/rtp/udp-backend';
import { codecNamed, sineWave } from '@legato/media';
import { silentLog } from '@legato/kernel';

const FRAME_MS = 20;
const FRAME_BYTES = 160;
const HEADER_BYTES = 12;
/** Packets of a frame leave in so many parts, evenly spread over its time, as those of many peers would. */
const PARTS = 4;

/** One second of a tone as packets of PCMU. */
export function tonePackets(): Buffer[] {
  const codec = codecNamed('PCMU');
  const samples = sineWave(350, 1000);
  return Array.from({ length: 1000 / FRAME_MS }, (_, n) => {
    const packet = Buffer.alloc(HEADER_BYTES + FRAME_BYTES);
    codec?.createEncoder().encode(samples.subarray(n * FRAME_BYTES), FRAME_BYTES, packet, HEADER_BYTES);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt32BE(7, 8);
    return packet;
  });
}

/** The packet of frame `n` of a stream that repeats its second of audio for ever. */
export function packetOf(packets: readonly Buffer[], n: number): Buffer {
  const packet = packets[n % packets.length] as Buffer;
  packet.writeUInt16BE(n & 0xffff, 2);
  packet.writeUInt32BE((n * FRAME_BYTES) >>> 0, 4);
  return packet;
}

/** The far ends of all legs behind one socket, as a process: a packet to every port each 20 ms, and what comes back is counted. */
async function run(): Promise<void> {
  const io = udpIoOf('auto', silentLog);
  const socket = await io.bind('127.0.0.1', 0);
  const packets = tonePackets();
  const count = { sent: 0, received: 0 };
  let ports: number[] = [];
  let part = 0;
  let due = 0;
  socket.listen(() => void (count.received += 1));
  const beat = (): void => {
    const packet = packetOf(packets, Math.floor(part / PARTS));
    for (let n = part % PARTS; n < ports.length; n += PARTS) {
      socket.send(packet, '127.0.0.1', ports[n] as number);
      count.sent += 1;
    }
    io.flush?.();
    io.receive?.();
    part += 1;
    due += FRAME_MS / PARTS;
    setTimeout(beat, Math.max(0, due - performance.now()));
  };
  process.on('message', (message: { ports?: number[] }) => {
    if (!message.ports) return process.send?.({ ...count });
    ports = message.ports;
    due = performance.now();
    beat();
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port: socket.port });
}

if (require.main === module) void run();
