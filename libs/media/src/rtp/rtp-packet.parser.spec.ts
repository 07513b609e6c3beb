import fc from 'fast-check';
import {
  LARGEST_PACKET_BYTES,
  RtpPacket,
  readRtpPacket,
  sequenceDistance,
  timestampDistance,
  writeRtpHeader,
} from './rtp-packet.parser';

function packetOf(first: number, rest: number[] = [], tail: number[] = []): Uint8Array {
  return Uint8Array.from([first, 0x80, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, ...rest, ...tail]);
}

describe('RTP packet (RFC 3550 §5.1)', () => {
  const packet = new RtpPacket();

  it('reads back the header that it writes, for every field value (§5.1)', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.nat(127),
        fc.nat(0xffff),
        fc.nat(0xffffffff),
        fc.nat(0xffffffff),
        (marker, payloadType, sequenceNumber, timestamp, ssrc) => {
          const bytes = new Uint8Array(20);
          expect(writeRtpHeader(bytes, marker, payloadType, sequenceNumber, timestamp, ssrc)).toBe(12);
          expect(readRtpPacket(bytes, packet)).toBe(true);
          expect({ ...packet }).toEqual({
            marker,
            payloadType,
            sequenceNumber,
            timestamp,
            ssrc,
            payloadStart: 12,
            payloadEnd: 20,
          });
        },
      ),
    );
  });

  it('never throws and never points outside the datagram, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, asVersion2) => {
        if (asVersion2 && bytes.length > 0) bytes[0] = ((bytes[0] as number) & 0x3f) | 0x80;
        if (!readRtpPacket(bytes, packet)) return;
        expect(packet.payloadStart).toBeGreaterThanOrEqual(12);
        expect(packet.payloadEnd).toBeGreaterThanOrEqual(packet.payloadStart);
        expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('skips contributing sources and a header extension (§5.1, §5.3.1)', () => {
    const bytes = packetOf(0x80 | 0x10 | 2, [9, 9, 9, 9, 9, 9, 9, 9, 0xbe, 0xde, 0, 1, 7, 7, 7, 7], [42]);
    expect(readRtpPacket(bytes, packet)).toBe(true);
    expect(bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(Uint8Array.of(42));
  });

  it('takes padding off the payload (§5.1)', () => {
    const bytes = packetOf(0x80 | 0x20, [42], [0, 0, 3]);
    expect(readRtpPacket(bytes, packet)).toBe(true);
    expect(packet.payloadEnd - packet.payloadStart).toBe(1);
  });

  it.each([
    ['another version', packetOf(0x40)],
    ['eleven bytes', packetOf(0x80).subarray(0, 11)],
    ['more padding than payload', packetOf(0x80 | 0x20, [], [2])],
    ['padding of zero bytes', packetOf(0x80 | 0x20, [1], [0])],
    ['sources that are not there', packetOf(0x80 | 1, [1, 2])],
    ['an extension that is not there', packetOf(0x80 | 0x10, [0, 0])],
    ['an extension longer than the packet', packetOf(0x80 | 0x10, [0, 0, 0, 2, 1, 1, 1, 1])],
    ['more bytes than any packet has', new Uint8Array(LARGEST_PACKET_BYTES + 1).fill(0x80)],
  ])('refuses %s (§A.1)', (_name, bytes) => {
    expect(readRtpPacket(bytes, packet)).toBe(false);
  });

  it('measures distances across the wrap of the counters (§A.1)', () => {
    expect(sequenceDistance(2, 65534)).toBe(4);
    expect(sequenceDistance(65534, 2)).toBe(-4);
    expect(timestampDistance(80, 0xffffffb0)).toBe(160);
    expect(timestampDistance(0xffffffb0, 80)).toBe(-160);
  });
});
