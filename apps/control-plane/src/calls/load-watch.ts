import { performance } from 'node:perf_hooks';
import type { EventLoopUtilization } from 'node:perf_hooks';
import type { Clock, Timer } from '@legato/kernel';

const WINDOW_MS = 200;
/** Share of a window in which the event loop never waited: beyond it, work may queue up in the socket. */
const FULL = 0.985;
/** Below it there is room again for all that comes. */
const EASY = 0.8;
/** A single full window is a garbage collection or a burst; more in a row, at whose end a datagram waits for longer than one, are too many calls. */
const FULL_WINDOWS = 3;
/** So many in a row are too many even if no datagram waits: what comes over connections waits at its sender. */
const LONG_FULL_WINDOWS = 15;
/** Of the new calls, the share refused first, for the most usual excess is small; each further full window makes it four times as large. */
const FIRST_SHARE = 1 / 32;

type Measure = () => EventLoopUtilization;
/** Has something arrive; `onRead` is called when it is read. */
type Echo = (onRead: () => void) => void;

/**
 * Notices that the process has more to do than it can: from then on it refuses of the new calls what is too much, more with
 * each window that does not help, so that those under way go on. Past its capacity a server that takes every call completes
 * none, because its peers send everything again (after T1, 500 ms). A full process that keeps up takes what comes: the more
 * there is, the cheaper is each of it.
 */
export class LoadWatch {
  private timer: Timer | undefined;
  private before: EventLoopUtilization;
  private fullWindows = 0;
  private share = 0;
  /** Without one, a full process is taken for one that does not keep up. */
  echo: Echo = () => undefined;
  /** Whether the echo of the window's beginning has been read. */
  private window = { isRead: true };
  /** Refusals that are due: whole ones are carried out. */
  private due = 0;

  constructor(
    private readonly clock: Clock,
    private readonly measure: Measure = () => performance.eventLoopUtilization(),
  ) {
    this.before = measure();
  }

  /** Whether the new call that asks is one of those too many. */
  refusesNext(): boolean {
    this.due += this.share;
    if (this.due < 1) return false;
    this.due -= 1;
    return true;
  }

  start(): void {
    this.timer = this.clock.schedule(WINDOW_MS, () => {
      const now = this.measure();
      const idle = now.idle - this.before.idle;
      const active = now.active - this.before.active;
      this.before = now;
      this.note(active > 0 ? active / (active + idle) : 0);
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }

  private note(utilization: number): void {
    this.fullWindows = utilization > FULL ? this.fullWindows + 1 : 0;
    if (this.isTooMuch()) this.share = Math.min(1, this.share * 4 || FIRST_SHARE);
    else if (utilization < EASY || this.share <= FIRST_SHARE) this.share = 0;
    else if (this.fullWindows === 0) this.share /= 2;
    if (this.share === 0) this.due = 0;
    if (this.fullWindows > 0) this.listen();
  }

  private isTooMuch(): boolean {
    if (this.fullWindows < FULL_WINDOWS) return false;
    return !this.window.isRead || this.fullWindows % LONG_FULL_WINDOWS === 0;
  }

  private listen(): void {
    const window = { isRead: false };
    this.window = window;
    this.echo(() => (window.isRead = true));
  }
}
