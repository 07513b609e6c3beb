const FIXED_HEADER_BYTES = 12;
const VERSION_BITS = 0x80;
const PADDING_BIT = 0x20;
const EXTENSION_BIT = 0x10;

/** No datagram of ours is longer, and none that is longer is read. */
export const LARGEST_PACKET_BYTES = 8192;

/** The header of one RTP packet and where its payload lies (RFC 3550 §5.1). Made once and refilled by {@link readRtpPacket}. */
export class RtpPacket {
  marker = false;
  payloadType = 0;
  sequenceNumber = 0;
  timestamp = 0;
  ssrc = 0;
  /** Offset of the payload in the bytes that were read. */
  payloadStart = 0;
  /** Offset after its last byte, padding not counted. */
  payloadEnd = 0;
}

const uint16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
const uint32 = (bytes: Uint8Array, at: number): number =>
  ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0;

/** Where the payload begins behind contributing sources and header extension; beyond `bytes` when they are broken. */
function payloadOffset(bytes: Uint8Array): number {
  const first = bytes[0] as number;
  const afterSources = FIXED_HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & EXTENSION_BIT) === 0) return afterSources;
  if (afterSources + 4 > bytes.length) return bytes.length + 1;
  return afterSources + 4 + uint16(bytes, afterSources + 2) * 4;
}

/** Reads the header checks of RFC 3550 §A.1 into `packet`; false when `bytes` are no RTP packet. Never throws. */
export function readRtpPacket(bytes: Uint8Array, packet: RtpPacket): boolean {
  const size = bytes.length;
  if (size < FIXED_HEADER_BYTES || size > LARGEST_PACKET_BYTES) return false;
  const first = bytes[0] as number;
  if ((first & 0xc0) !== VERSION_BITS) return false;
  const start = payloadOffset(bytes);
  if (start > size) return false;
  const padding = (first & PADDING_BIT) === 0 ? 0 : (bytes[size - 1] as number);
  if ((first & PADDING_BIT) !== 0 && (padding === 0 || start + padding > size)) return false;
  const second = bytes[1] as number;
  packet.marker = (second & 0x80) !== 0;
  packet.payloadType = second & 0x7f;
  packet.sequenceNumber = uint16(bytes, 2);
  packet.timestamp = uint32(bytes, 4);
  packet.ssrc = uint32(bytes, 8);
  packet.payloadStart = start;
  packet.payloadEnd = size - padding;
  return true;
}

/** Writes the fixed header without contributing sources into the first 12 bytes of `bytes`; returns 12. Numbers are cut to their fields. */
export function writeRtpHeader(
  bytes: Uint8Array,
  marker: boolean,
  payloadType: number,
  sequenceNumber: number,
  timestamp: number,
  ssrc: number,
): number {
  bytes[0] = VERSION_BITS;
  bytes[1] = (marker ? 0x80 : 0) | (payloadType & 0x7f);
  bytes[2] = sequenceNumber >>> 8;
  bytes[3] = sequenceNumber;
  writeUint32(bytes, 4, timestamp);
  writeUint32(bytes, 8, ssrc);
  return FIXED_HEADER_BYTES;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** `a - b` of sequence numbers, across the wrap at 2^16: -32768..32767. */
export const sequenceDistance = (a: number, b: number): number => ((a - b) << 16) >> 16;

/** `a - b` of timestamps, across the wrap at 2^32. */
export const timestampDistance = (a: number, b: number): number => (a - b) | 0;
