import type { ConnectionStats, MediaTotals } from './media-objects';

/** Adds up what happens in an engine. */
export class MediaOdometer {
  private readonly past = { received: 0, sent: 0, dropped: 0, lost: 0 };
  private ticks = 0;
  private lateTicks = 0;

  noteTick(skipped: number): void {
    this.ticks += 1;
    this.lateTicks += skipped;
  }

  /** A connection is gone. */
  noteClosed(stats: ConnectionStats): void {
    add(this.past, stats);
  }

  /** All there was, with the connections that there are. */
  totals(present: Iterable<ConnectionStats>): MediaTotals {
    const sum = { ...this.past };
    for (const stats of present) add(sum, stats);
    return { ...sum, ticks: this.ticks, lateTicks: this.lateTicks };
  }
}

function add(
  sum: { received: number; sent: number; dropped: number; lost: number },
  stats: ConnectionStats,
): void {
  sum.received += stats.packetsReceived;
  sum.sent += stats.packetsSent;
  sum.dropped += stats.packetsDropped;
  sum.lost += Math.max(0, stats.packetsLost ?? 0);
}
