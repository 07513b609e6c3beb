import type { Clock } from '@legato/kernel';

/** Tells when the last of something has gone. */
export class Vacancy {
  private waiting: (() => void)[] = [];

  constructor(private readonly size: () => number) {}

  /** One of them has gone. */
  noteRemoval(): void {
    if (this.size() > 0) return;
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when none is left, or after `patienceMs`. */
  wait(clock: Clock, patienceMs: number): Promise<void> {
    if (this.size() === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = clock.schedule(patienceMs, resolve);
      this.waiting.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }
}
