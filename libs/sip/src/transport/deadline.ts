import type { Clock } from '@legato/kernel';

/** The promise's outcome, or a rejection when there is none after `delayMs`. */
export function withDeadline<T>(clock: Clock, delayMs: number, promise: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = clock.schedule(delayMs, () => reject(new Error(`no answer within ${delayMs} ms`)));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}
