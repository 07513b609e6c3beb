import type { ReceptionReport } from './reception-statistics';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
const CNAME = 1;
const HEADER_BYTES = 8;
const SENDER_INFO_BYTES = 20;
const BLOCK_BYTES = 24;
const MOST_PACKETS = 32;

/** What a sender report says of its sender (RFC 3550 §6.4.1). */
export interface SenderInfo {
  /** NTP time stamp: seconds since 1900, as a fraction of 2^32 in the lower half. */
  ntpSeconds: number;
  ntpFraction: number;
  rtpTimestamp: number;
  packets: number;
  octets: number;
}

/** A report block (RFC 3550 §6.4.1). */
export interface ReportBlock extends ReceptionReport {
  /** Who it is about. */
  ssrc: number;
  /** The middle of the NTP time stamp of the last sender report from there; 0: none came. */
  lastReport: number;
  /** Since then, in 65536ths of a second. */
  delay: number;
}

/** What a compound packet told, as far as we care. */
export interface ReceivedReports {
  ssrc: number;
  sender: SenderInfo | undefined;
  blocks: ReportBlock[];
  goodbye: boolean;
}

function readBlock(view: DataView, at: number): ReportBlock {
  const lost = view.getUint32(at + 4) & 0xffffff;
  return {
    ssrc: view.getUint32(at),
    fractionLost: view.getUint8(at + 4),
    lost: lost > 0x7fffff ? lost - 0x1000000 : lost,
    highest: view.getUint32(at + 8),
    jitter: view.getUint32(at + 12),
    lastReport: view.getUint32(at + 16),
    delay: view.getUint32(at + 20),
  };
}

const readSender = (view: DataView, at: number): SenderInfo => ({
  ntpSeconds: view.getUint32(at),
  ntpFraction: view.getUint32(at + 4),
  rtpTimestamp: view.getUint32(at + 8),
  packets: view.getUint32(at + 12),
  octets: view.getUint32(at + 16),
});

/** Reads one packet of the compound into `reports`; false when it contradicts its length. */
function readPacket(view: DataView, start: number, end: number, reports: ReceivedReports): boolean {
  const type = view.getUint8(start + 1);
  if (type === GOODBYE) reports.goodbye = true;
  if (type !== SENDER_REPORT && type !== RECEIVER_REPORT) return true;
  let at = start + HEADER_BYTES + (type === SENDER_REPORT ? SENDER_INFO_BYTES : 0);
  const count = view.getUint8(start) & 0x1f;
  if (at + count * BLOCK_BYTES > end) return false;
  reports.ssrc = view.getUint32(start + 4);
  if (type === SENDER_REPORT) reports.sender = readSender(view, start + HEADER_BYTES);
  for (let i = 0; i < count; i++, at += BLOCK_BYTES) reports.blocks.push(readBlock(view, at));
  return true;
}

/** Reads a compound packet with the checks of RFC 3550 §A.2; undefined when it is none. Never throws. */
export function readRtcp(bytes: Uint8Array): ReceivedReports | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reports: ReceivedReports = { ssrc: 0, sender: undefined, blocks: [], goodbye: false };
  let at = 0;
  for (let count = 0; at < bytes.length; count++) {
    if (count === MOST_PACKETS || at + HEADER_BYTES > bytes.length || view.getUint8(at) >> 6 !== 2)
      return undefined;
    const type = view.getUint8(at + 1);
    if (count === 0 && type !== SENDER_REPORT && type !== RECEIVER_REPORT) return undefined;
    const end = at + (view.getUint16(at + 2) + 1) * 4;
    if (end > bytes.length || !readPacket(view, at, end, reports)) return undefined;
    at = end;
  }
  return at === 0 ? undefined : reports;
}

function writeHeader(packet: Buffer, count: number, type: number, ssrc: number): void {
  packet.writeUInt8(0x80 | count, 0);
  packet.writeUInt8(type, 1);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  if (packet.length >= HEADER_BYTES) packet.writeUInt32BE(ssrc, 4);
}

function writeSender(packet: Buffer, info: SenderInfo): void {
  packet.writeUInt32BE(info.ntpSeconds, 8);
  packet.writeUInt32BE(info.ntpFraction, 12);
  packet.writeUInt32BE(info.rtpTimestamp, 16);
  packet.writeUInt32BE(info.packets >>> 0, 20);
  packet.writeUInt32BE(info.octets >>> 0, 24);
}

function writeBlock(packet: Buffer, at: number, block: ReportBlock): void {
  const lost = Math.max(-0x800000, Math.min(0x7fffff, block.lost));
  packet.writeUInt32BE(block.ssrc, at);
  packet.writeUInt32BE(((block.fractionLost << 24) | (lost & 0xffffff)) >>> 0, at + 4);
  packet.writeUInt32BE(block.highest, at + 8);
  packet.writeUInt32BE(block.jitter, at + 12);
  packet.writeUInt32BE(block.lastReport, at + 16);
  packet.writeUInt32BE(block.delay, at + 20);
}

function describe(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname, 'utf8').subarray(0, 255);
  // At least one zero ends the list of items, and the chunk ends on a word (§6.5).
  const packet = Buffer.alloc(HEADER_BYTES + Math.ceil((name.length + 3) / 4) * 4);
  writeHeader(packet, 1, SOURCE_DESCRIPTION, ssrc);
  packet.writeUInt8(CNAME, HEADER_BYTES);
  packet.writeUInt8(name.length, HEADER_BYTES + 1);
  name.copy(packet, HEADER_BYTES + 2);
  return packet;
}

export interface OutgoingReport {
  ssrc: number;
  cname: string;
  /** When we have sent since the last report. */
  sender: SenderInfo | undefined;
  /** When we have received. */
  block: ReportBlock | undefined;
  /** The source leaves (§6.6). */
  goodbye: boolean;
}

/** A compound packet: a report, the CNAME, and a BYE when we leave (RFC 3550 §6.1). */
export function writeRtcp({ ssrc, cname, sender, block, goodbye }: OutgoingReport): Buffer {
  const senderBytes = sender ? SENDER_INFO_BYTES : 0;
  const report = Buffer.alloc(HEADER_BYTES + senderBytes + (block ? BLOCK_BYTES : 0));
  writeHeader(report, block ? 1 : 0, sender ? SENDER_REPORT : RECEIVER_REPORT, ssrc);
  if (sender) writeSender(report, sender);
  if (block) writeBlock(report, HEADER_BYTES + senderBytes, block);
  const parts = [report, describe(ssrc, cname)];
  if (goodbye) {
    const bye = Buffer.alloc(HEADER_BYTES);
    writeHeader(bye, 1, GOODBYE, ssrc);
    parts.push(bye);
  }
  return Buffer.concat(parts);
}
