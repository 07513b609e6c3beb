import type { Clock, Timer } from '@legato/kernel';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test advances it. */
export class FakeClock implements Clock {
  private time = 0;
  private order = 0;
  private readonly pending = new Set<Pending>();

  constructor(private readonly epochMs = 1_700_000_000_000) {}

  now(): number {
    return this.time;
  }

  wallTime(): number {
    return this.epochMs + this.time;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const entry: Pending = { at: this.time + Math.max(0, delayMs), order: this.order++, callback };
    this.pending.add(entry);
    return { cancel: () => void this.pending.delete(entry) };
  }

  /** Timers that are armed: zero at the end of a call that released everything. */
  get armed(): number {
    return this.pending.size;
  }

  /** Moves time on by `ms`, running each timer that falls due at its own instant, in order. */
  advance(ms: number): void {
    const until = this.time + ms;
    for (let next = this.nextBefore(until); next; next = this.nextBefore(until)) {
      this.pending.delete(next);
      this.time = next.at;
      next.callback();
    }
    this.time = until;
  }

  private nextBefore(until: number): Pending | undefined {
    let first: Pending | undefined;
    for (const entry of this.pending) {
      if (entry.at > until) continue;
      if (!first || entry.at < first.at || (entry.at === first.at && entry.order < first.order))
        first = entry;
    }
    return first;
  }
}
