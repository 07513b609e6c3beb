import { setTimeout as pause } from 'node:timers/promises';
import { Unmet } from './expectation';

const STEP_MS = 10;

/** Waits for what the server is to do, not longer than its patience. */
export class Waiting {
  constructor(private readonly patienceMs: number) {}

  async until<T>(what: string, probe: () => T | undefined | false, deadlineMs = this.patienceMs): Promise<T> {
    const end = performance.now() + deadlineMs;
    for (;;) {
      const found = probe();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > end) throw new Unmet(`${what} within ${deadlineMs} ms`);
      await pause(STEP_MS);
    }
  }

  /** Gives something that should not happen its chance. */
  async never(what: string, probe: () => unknown, forMs: number): Promise<void> {
    const end = performance.now() + forMs;
    while (performance.now() < end) {
      if (probe()) throw new Unmet(`no ${what}`);
      await pause(STEP_MS);
    }
  }
}
