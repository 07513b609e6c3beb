import { FakeClock } from '@legato/testing';
import type { Clock } from '@legato/kernel';
import { Ticker } from './ticker';

describe('ticker', () => {
  it('beats every 20 ms until it is stopped, and leaves no timer behind', () => {
    const clock = new FakeClock();
    const at: number[] = [];
    const ticker = new Ticker(clock, 20, () => at.push(clock.now()));
    ticker.start();
    ticker.start();
    clock.advance(65);
    ticker.stop();
    clock.advance(100);
    expect(at).toEqual([20, 40, 60]);
    expect(clock.armed).toBe(0);
  });

  it('drops the beats that a late one ran over, and keeps the rhythm', () => {
    let now = 0;
    let armed: { at: number; callback: () => void } | undefined;
    const clock: Clock = {
      now: () => now,
      wallTime: () => now,
      schedule: (delayMs, callback) => {
        armed = { at: now + delayMs, callback };
        return { cancel: () => (armed = undefined) };
      },
    };
    const beats: [number, number][] = [];
    const ticker = new Ticker(clock, 20, (skipped) => beats.push([now, skipped]));
    ticker.start();
    for (const lateMs of [0, 3, 75, 0]) {
      now = (armed?.at ?? 0) + lateMs;
      armed?.callback();
    }
    expect(beats).toEqual([
      [20, 0],
      [43, 0],
      [135, 3],
      [140, 0],
    ]);
  });
});
