import { performance } from 'node:perf_hooks';
import type { EventLoopUtilization } from 'node:perf_hooks';
import type { Clock, Timer } from '@legato/kernel';

const WINDOW_MS = 200;
/** Share of a window in which the event loop never waited: beyond it, work only queues up in the socket. */
const FULL = 0.985;
/** A single full window is a garbage collection or a burst; more in a row are too many calls. */
const FULL_WINDOWS = 3;

type Measure = () => EventLoopUtilization;

/**
 * Notices that the process has more to do than it can: from then on new calls are refused, so that those under way go on.
 * Past its capacity a server that takes every call completes none, because its peers send everything again.
 */
export class LoadWatch {
  private timer: Timer | undefined;
  private before: EventLoopUtilization;
  private fullWindows = 0;

  constructor(
    private readonly clock: Clock,
    private readonly measure: Measure = () => performance.eventLoopUtilization(),
  ) {
    this.before = measure();
  }

  get isOverloaded(): boolean {
    return this.fullWindows >= FULL_WINDOWS;
  }

  start(): void {
    this.timer = this.clock.schedule(WINDOW_MS, () => {
      const now = this.measure();
      const idle = now.idle - this.before.idle;
      const active = now.active - this.before.active;
      const isFull = active > 0 && active / (active + idle) > FULL;
      this.fullWindows = isFull ? this.fullWindows + 1 : 0;
      this.before = now;
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }
}
