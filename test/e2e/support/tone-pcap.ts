import { encodeAlaw } from './alaw';

export const PACKET_MS = 20;
const SAMPLES = 160;

/** A pcap file of RTP packets, PCMA, 20 ms each, that carry a sine: SIPp plays it as its voice. */
export function tonePcap(frequencyHz: number, durationMs: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const packets = Math.floor(durationMs / PACKET_MS);
  return Buffer.concat([
    header,
    ...Array.from({ length: packets }, (_, index) => packet(index, frequencyHz)),
  ]);
}

function packet(index: number, frequencyHz: number): Buffer {
  const payload = Buffer.from(
    Array.from({ length: SAMPLES }, (_, sample) => {
      const time = (index * SAMPLES + sample) / 8000;
      return encodeAlaw(Math.round(12_000 * Math.sin(2 * Math.PI * frequencyHz * time)));
    }),
  );
  const rtp = Buffer.alloc(12);
  rtp[0] = 0x80;
  rtp[1] = 8;
  rtp.writeUInt16BE(index & 0xffff, 2);
  rtp.writeUInt32BE((index * SAMPLES) >>> 0, 4);
  rtp.writeUInt32BE(0x1e6a70, 8);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(6000, 0);
  udp.writeUInt16BE(6002, 2);
  udp.writeUInt16BE(8 + 12 + SAMPLES, 4);
  const ip = Buffer.from('450000000000400040110000' + '7f000001' + '7f000001', 'hex');
  ip.writeUInt16BE(20 + 8 + 12 + SAMPLES, 2);
  const ethernet = Buffer.from('00000000000000000000000008' + '00', 'hex');
  const frame = Buffer.concat([ethernet, ip, udp, rtp, payload]);
  const record = Buffer.alloc(16);
  const microseconds = index * PACKET_MS * 1000;
  record.writeUInt32LE(Math.floor(microseconds / 1_000_000), 0);
  record.writeUInt32LE(microseconds % 1_000_000, 4);
  record.writeUInt32LE(frame.length, 8);
  record.writeUInt32LE(frame.length, 12);
  return Buffer.concat([record, frame]);
}
