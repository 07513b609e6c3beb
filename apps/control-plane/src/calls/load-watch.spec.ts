import { FakeClock } from '@legato/testing';
import { LoadWatch } from './load-watch';

/** An event loop that was idle for a share of each window. */
function watchOver(idleShares: readonly number[]) {
  const clock = new FakeClock();
  let [idle, active, window] = [0, 0, 0];
  const watch = new LoadWatch(clock, () => ({ idle, active, utilization: 0 }));
  watch.start();
  const seen = idleShares.map(() => {
    const share = idleShares[window++] ?? 1;
    idle += 200 * share;
    active += 200 * (1 - share);
    clock.advance(200);
    return watch.isOverloaded;
  });
  watch.stop();
  expect(clock.armed).toBe(0);
  return seen;
}

describe('the watch over the load', () => {
  it('calls three full windows in a row an overload', () => {
    expect(watchOver([0, 0, 0, 0])).toEqual([false, false, true, true]);
  });

  it('forgives a single one, such as a garbage collection', () => {
    expect(watchOver([0, 0, 0.5, 0, 0])).toEqual([false, false, false, false, false]);
  });

  it('is over as soon as the loop waits again', () => {
    expect(watchOver([0, 0, 0, 0.1])).toEqual([false, false, true, false]);
  });
});
