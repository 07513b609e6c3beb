import type { Clock, Timer } from '@legato/kernel';

/** A steady beat. A beat that comes too late makes the ones it ran over fall out: they are never made up for in a burst. */
export class Ticker {
  private timer: Timer | undefined;
  private due = 0;

  /** `onTick` is told how many beats fell out before this one. */
  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly onTick: (skipped: number) => void,
  ) {}

  start(): void {
    if (this.timer) return;
    this.due = this.clock.now() + this.intervalMs;
    this.arm();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private arm(): void {
    this.timer = this.clock.schedule(Math.max(0, this.due - this.clock.now()), () => this.beat());
  }

  private beat(): void {
    const late = this.clock.now() - this.due;
    // Timers of the system may come a fraction of a millisecond early.
    const skipped = Math.max(0, Math.floor(late / this.intervalMs));
    this.due += (skipped + 1) * this.intervalMs;
    this.arm();
    this.onTick(skipped);
  }
}
