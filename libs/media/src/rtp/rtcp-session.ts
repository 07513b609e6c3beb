import type { Clock } from '@legato/kernel';
import type { ReceptionStatistics } from './reception-statistics';
import type { ReportBlock, SenderInfo } from './rtcp-packet.parser';
import { readRtcp, writeRtcp } from './rtcp-packet.parser';

/** The least interval between two reports (RFC 3550 §6.2), which two parties never have to exceed. */
const INTERVAL_MS = 5000;
/** From 1900, where NTP begins, to 1970. */
const NTP_OFFSET_SECONDS = 2_208_988_800;
const TWO_TO_32 = 2 ** 32;
/** Units of delays and of the middle of NTP time stamps. */
const UNITS_PER_SECOND = 65_536;

/** What the other end has told of how it receives us. */
export interface RemoteQuality {
  /** 0..1, of the last interval. */
  lostShare: number;
  jitterMs: number;
  /** Undefined until a report of ours was answered. */
  roundTripMs: number | undefined;
}

/** What the session has to know of what we send. */
export interface SentMedia {
  readonly ssrc: number;
  readonly packetsSent: number;
  readonly octetsSent: number;
  /** The timestamp of media that is sent now. */
  readonly timestamp: number;
}

export interface RtcpSessionOptions {
  clock: Clock;
  sent: SentMedia;
  received: ReceptionStatistics;
  cname: string;
  /** Spreads the reports of many connections, 0..1. */
  phase: number;
  send(bytes: Uint8Array): void;
}

/** The reports of one connection, out and in (RFC 3550 §6). */
export class RtcpSession {
  remote: RemoteQuality | undefined;
  private sinceReportMs: number;
  private packetsReported = 0;
  private lastReport = 0;
  private lastReportAtMs = 0;

  constructor(private readonly options: RtcpSessionOptions) {
    this.sinceReportMs = Math.round(options.phase * INTERVAL_MS);
  }

  /** Time passes; reports when it is due, to a peer that media flows to or from. `clockRate` is that of the media. */
  elapse(ms: number, remoteSsrc: number): void {
    this.sinceReportMs += ms;
    if (this.sinceReportMs < INTERVAL_MS) return;
    this.sinceReportMs = 0;
    this.report(remoteSsrc, false);
  }

  /** Says goodbye, when there was anything to say before (§6.3.7). */
  leave(remoteSsrc: number): void {
    if (this.options.sent.packetsSent > 0) this.report(remoteSsrc, true);
  }

  /** Takes a compound packet; false when it is malformed. Never throws. */
  receive(bytes: Uint8Array, clockRate: number): boolean {
    const reports = readRtcp(bytes);
    if (!reports) return false;
    if (reports.sender) {
      this.lastReport = middleOf(reports.sender);
      this.lastReportAtMs = this.options.clock.now();
    }
    const ours = reports.blocks.find(({ ssrc }) => ssrc === this.options.sent.ssrc);
    if (ours) this.remote = this.qualityOf(ours, clockRate);
    return true;
  }

  private report(remoteSsrc: number, goodbye: boolean): void {
    const { sent, received, cname } = this.options;
    const hasSent = sent.packetsSent > this.packetsReported;
    if (!hasSent && !received.active) return;
    this.packetsReported = sent.packetsSent;
    const sender = hasSent ? this.senderInfo() : undefined;
    const block = received.active ? this.block(remoteSsrc) : undefined;
    this.options.send(writeRtcp({ ssrc: sent.ssrc, cname, sender, block, goodbye }));
  }

  private senderInfo(): SenderInfo {
    const { sent } = this.options;
    return {
      ...this.ntpNow(),
      rtpTimestamp: sent.timestamp,
      packets: sent.packetsSent,
      octets: sent.octetsSent,
    };
  }

  private block(ssrc: number): ReportBlock {
    const waitedMs = this.options.clock.now() - this.lastReportAtMs;
    const delay = this.lastReport === 0 ? 0 : Math.round((waitedMs * UNITS_PER_SECOND) / 1000) >>> 0;
    return { ...this.options.received.report(), ssrc, lastReport: this.lastReport, delay };
  }

  private ntpNow(): { ntpSeconds: number; ntpFraction: number } {
    const ms = this.options.clock.wallTime();
    const seconds = Math.floor(ms / 1000);
    return {
      ntpSeconds: (seconds + NTP_OFFSET_SECONDS) % TWO_TO_32,
      ntpFraction: Math.floor(((ms - seconds * 1000) / 1000) * TWO_TO_32),
    };
  }

  private qualityOf(block: ReportBlock, clockRate: number): RemoteQuality {
    const jitterMs = (block.jitter * 1000) / clockRate;
    const lostShare = block.fractionLost / 256;
    if (block.lastReport === 0) return { lostShare, jitterMs, roundTripMs: undefined };
    const units = (middleOf(this.ntpNow()) - block.lastReport - block.delay) | 0;
    return { lostShare, jitterMs, roundTripMs: Math.max(0, (units * 1000) / UNITS_PER_SECOND) };
  }
}

/** The middle 32 bits of an NTP time stamp (RFC 3550 §4). */
const middleOf = ({ ntpSeconds, ntpFraction }: { ntpSeconds: number; ntpFraction: number }): number =>
  (((ntpSeconds & 0xffff) << 16) | (ntpFraction >>> 16)) >>> 0;
