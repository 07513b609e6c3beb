import { sequenceDistance } from './rtp-packet.parser';

/** A jump of the sequence number beyond this is a restart of the source (RFC 3550 §A.1, MAX_DROPOUT). */
const LARGEST_JUMP = 3000;

/** What a report block says of one source (RFC 3550 §6.4.1). */
export interface ReceptionReport {
  /** Of the packets expected since the last report, in 256ths. */
  fractionLost: number;
  /** Since the source began; duplicates make it smaller. */
  lost: number;
  /** The highest sequence number, its wraps in the upper 16 bits. */
  highest: number;
  /** Timestamp units. */
  jitter: number;
}

/** Counts what is received from one source (RFC 3550 §A.3, §A.8). */
export class ReceptionStatistics {
  private first = -1;
  private highest = 0;
  private wraps = 0;
  private received = 0;
  private expectedBefore = 0;
  private receivedBefore = 0;
  private jitter16 = 0;
  private transit = 0;

  /** Whether anything was received. */
  get active(): boolean {
    return this.received > 0;
  }

  /** Packets that were expected and did not come. */
  get lost(): number {
    return this.first === -1 ? 0 : this.expected - this.received;
  }

  /** Timestamp units (§6.4.1). */
  get jitter(): number {
    return this.jitter16 >> 4;
  }

  /** Another source is heard. */
  reset(): void {
    this.first = -1;
    this.received = 0;
  }

  /** Notes a packet of media that arrived at `arrival`, in timestamp units of any origin. */
  receive(sequence: number, timestamp: number, arrival: number): void {
    this.count(sequence);
    this.noteTransit((Math.round(arrival) - timestamp) | 0);
  }

  /** Notes a packet whose timestamp does not tell when it was sent: one of a telephone-event. */
  count(sequence: number): void {
    const distance = sequenceDistance(sequence, this.highest);
    if (this.first === -1 || Math.abs(distance) > LARGEST_JUMP) this.begin(sequence);
    else if (distance > 0) {
      if (sequence < this.highest) this.wraps += 1;
      this.highest = sequence;
    }
    this.received += 1;
  }

  /** The report since the last one; what it says of the interval begins anew. */
  report(): ReceptionReport {
    const expected = this.expected - this.expectedBefore;
    const lost = expected - (this.received - this.receivedBefore);
    this.expectedBefore = this.expected;
    this.receivedBefore = this.received;
    return {
      fractionLost: expected > 0 && lost > 0 ? Math.min(255, Math.floor((lost * 256) / expected)) : 0,
      lost: this.lost,
      highest: ((this.wraps & 0xffff) * 65_536 + this.highest) >>> 0,
      jitter: this.jitter,
    };
  }

  private get expected(): number {
    return this.wraps * 65_536 + this.highest - this.first + 1;
  }

  private begin(sequence: number): void {
    this.first = this.highest = sequence;
    this.wraps = this.received = this.expectedBefore = this.receivedBefore = 0;
    this.jitter16 = this.transit = 0;
  }

  private noteTransit(transit: number): void {
    const change = Math.abs((transit - this.transit) | 0);
    if (this.received > 1) this.jitter16 += change - ((this.jitter16 + 8) >> 4);
    this.transit = transit;
  }
}
