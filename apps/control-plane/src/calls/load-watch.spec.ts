import { FakeClock } from '@legato/testing';
import { LoadWatch } from './load-watch';

const CALLS = 64;

/** Of 64 calls in each window, how many are refused, when the event loop was idle for a share of the window before, and read what came. */
function refusals(idleShares: readonly number[], reads: (window: number) => boolean = () => false) {
  const clock = new FakeClock();
  let [idle, active] = [0, 0];
  const watch = new LoadWatch(clock, () => ({ idle, active, utilization: 0 }));
  let window = 0;
  watch.echo = (onRead) => reads(window) && onRead();
  watch.start();
  const seen = idleShares.map((share) => {
    window += 1;
    idle += 200 * share;
    active += 200 * (1 - share);
    clock.advance(200);
    return Array.from({ length: CALLS }, () => watch.refusesNext()).filter(Boolean).length;
  });
  watch.stop();
  expect(clock.armed).toBe(0);
  return seen;
}

describe('the watch over the load', () => {
  it('refuses a thirty-second of the new calls after three full windows in a row, then four times as many, then all', () => {
    expect(refusals([0, 0, 0, 0, 0, 0, 0, 0, 0])).toEqual([0, 0, 2, 8, 32, 64, 64, 64, 64]);
  });

  it('forgives a single one, such as a garbage collection', () => {
    expect(refusals([0, 0, 0.5, 0, 0])).toEqual([0, 0, 0, 0, 0]);
  });

  it('refuses nobody while what comes is read within a window, full or not', () => {
    expect(refusals([0, 0, 0, 0, 0, 0], () => true)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('stays at the share that lets it keep up', () => {
    const full = Array.from({ length: 8 }, () => 0);
    expect(refusals(full, (window) => window >= 4)).toEqual([0, 0, 2, 8, 8, 8, 8, 8]);
  });

  it('refuses some after three seconds even so: connections wait unseen', () => {
    const full = Array.from({ length: 16 }, () => 0);
    expect(refusals(full, () => true)).toEqual([...Array.from({ length: 14 }, () => 0), 2, 0]);
  });

  it('lets in more again while the loop waits a little, and everyone as soon as it waits a lot', () => {
    expect(refusals([0, 0, 0, 0, 0, 0.1, 0.1, 0.1])).toEqual([0, 0, 2, 8, 32, 16, 8, 4]);
    expect(refusals([0, 0, 0, 0, 0, 0.5])).toEqual([0, 0, 2, 8, 32, 0]);
  });
});
