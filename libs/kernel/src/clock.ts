import { performance } from 'node:perf_hooks';

/** A pending callback of a {@link Clock}; `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

/** The only source of time of the protocol core; tests pass a fake one. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary origin: for timers and durations. */
  now(): number;
  /** Milliseconds since the Unix epoch: for time stamps that people read and for state that outlives the process. */
  wallTime(): number;
  /** Calls `callback` once, `delayMs` from now. */
  schedule(delayMs: number, callback: () => void): Timer;
}

/** The clock of the machine. Its timers do not keep the process alive: sockets do. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  schedule(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
