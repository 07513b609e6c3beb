import type { Clock, Timer } from '@legato/kernel';

/** What waits for the end of its time in an {@link ExpiryQueue}. */
export interface Expiring {
  expire(): void;
}

const COMPACT_AFTER = 4096;
/** setTimeout may fire a fraction of a millisecond before performance.now() says so. */
const EARLY_MS = 1;

/**
 * Things that all wait equally long, so that the first to come is the first due: one timer on the clock for all of them. The
 * long timers D, I, J, K, L and M, which hold a transaction only to absorb retransmissions, cost an array slot each.
 */
export class ExpiryQueue {
  private items: (Expiring | undefined)[] = [];
  private dueTimes: number[] = [];
  private head = 0;
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly delayMs: number,
  ) {}

  get size(): number {
    return this.items.length - this.head;
  }

  add(item: Expiring): void {
    this.items.push(item);
    this.dueTimes.push(this.clock.now() + this.delayMs);
    if (!this.timer) this.arm();
  }

  clear(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.items = [];
    this.dueTimes = [];
    this.head = 0;
  }

  private arm(): void {
    const due = this.dueTimes[this.head];
    if (due !== undefined)
      this.timer = this.clock.schedule(Math.max(0, due - this.clock.now()), () => this.expireDue());
  }

  private expireDue(): void {
    this.timer = undefined;
    const now = this.clock.now() + EARLY_MS;
    while ((this.dueTimes[this.head] ?? Infinity) <= now) this.take()?.expire();
    this.compact();
    if (!this.timer) this.arm();
  }

  private take(): Expiring | undefined {
    const item = this.items[this.head];
    this.items[this.head++] = undefined;
    return item;
  }

  private compact(): void {
    if (this.head === this.items.length) {
      this.items = [];
      this.dueTimes = [];
      this.head = 0;
    } else if (this.head > COMPACT_AFTER && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.dueTimes = this.dueTimes.slice(this.head);
      this.head = 0;
    }
  }
}
