import type { Log } from '@legato/kernel';
import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { isIPv4 } from 'node:net';
import type { Address } from '@legato/sip';

const MAGIC = 0xa1b2c3d4;
const LINKTYPE_RAW = 101;
const SNAPSHOT_BYTES = 65_535;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const IP_BYTES = 20;
const UDP_BYTES = 8;
const UDP_PROTOCOL = 17;
const TTL = 64;
/** The file stops growing here, so that a trace that was forgotten fills no disk. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A capture file (libpcap, raw IP) of messages that this process has sent and received itself: no right to sniff is needed. */
export class PcapFile {
  private readonly stream: WriteStream;
  private bytes = FILE_HEADER_BYTES;
  private full = false;
  private identification = 0;

  /** Overwrites the file; what can not be written is logged once and lost. */
  constructor(
    path: string,
    private readonly log: Log,
  ) {
    this.stream = createWriteStream(path, { mode: 0o600 });
    this.stream.on('error', (error) => {
      if (!this.full) log.error('SIP trace can not be written', { path, error: error.message });
      this.full = true;
    });
    this.stream.write(fileHeader());
  }

  /** One message, as a datagram whatever carried it; IPv6 addresses are shown as 0.0.0.0. */
  append(from: Address, to: Address, payload: Buffer, atMs: number): void {
    if (this.full) return;
    const packet = this.datagram(from, to, payload);
    if (this.bytes + RECORD_HEADER_BYTES + packet.length > MOST_BYTES) {
      this.full = true;
      this.log.warn('SIP trace is full', { bytes: this.bytes });
      return;
    }
    const header = Buffer.alloc(RECORD_HEADER_BYTES);
    header.writeUInt32LE(Math.floor(atMs / 1000), 0);
    header.writeUInt32LE(Math.floor(atMs % 1000) * 1000, 4);
    header.writeUInt32LE(packet.length, 8);
    header.writeUInt32LE(packet.length, 12);
    this.bytes += RECORD_HEADER_BYTES + packet.length;
    this.stream.write(header);
    this.stream.write(packet);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.stream.end(() => resolve()));
  }

  private datagram(from: Address, to: Address, payload: Buffer): Buffer {
    const room = SNAPSHOT_BYTES - IP_BYTES - UDP_BYTES;
    const body = payload.length > room ? payload.subarray(0, room) : payload;
    const packet = Buffer.alloc(IP_BYTES + UDP_BYTES + body.length);
    this.identification = (this.identification + 1) & 0xffff;
    packet.writeUInt8(0x45, 0);
    packet.writeUInt16BE(packet.length, 2);
    packet.writeUInt16BE(this.identification, 4);
    packet.writeUInt8(TTL, 8);
    packet.writeUInt8(UDP_PROTOCOL, 9);
    packet.set(ipv4(from.host), 12);
    packet.set(ipv4(to.host), 16);
    packet.writeUInt16BE(checksum(packet.subarray(0, IP_BYTES)), 10);
    packet.writeUInt16BE(from.port, IP_BYTES);
    packet.writeUInt16BE(to.port, IP_BYTES + 2);
    packet.writeUInt16BE(UDP_BYTES + body.length, IP_BYTES + 4);
    packet.set(body, IP_BYTES + UDP_BYTES);
    return packet;
  }
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(SNAPSHOT_BYTES, 16);
  header.writeUInt32LE(LINKTYPE_RAW, 20);
  return header;
}

const ipv4 = (host: string): number[] => (isIPv4(host) ? host.split('.').map(Number) : [0, 0, 0, 0]);

/** RFC 1071 */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
