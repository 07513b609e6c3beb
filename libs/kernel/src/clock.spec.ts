import { FakeClock } from '@legato/testing';
import { systemClock } from './clock';

describe('the fake clock', () => {
  it('stands still until it is advanced', () => {
    const clock = new FakeClock(1_000_000);
    let ran = false;
    clock.schedule(0, () => {
      ran = true;
    });
    expect(clock.now()).toBe(0);
    expect(clock.wallTime()).toBe(1_000_000);
    expect(ran).toBe(false);
    clock.advance(0);
    expect(ran).toBe(true);
  });

  it('moves both times on together', () => {
    const clock = new FakeClock(1_000_000);
    clock.advance(250);
    expect(clock.now()).toBe(250);
    expect(clock.wallTime()).toBe(1_000_250);
  });

  it('runs timers at their own instant, in the order of time and then of arming', () => {
    const clock = new FakeClock();
    const ran: [string, number][] = [];
    const arm = (name: string, delayMs: number) =>
      clock.schedule(delayMs, () => ran.push([name, clock.now()]));
    arm('b', 20);
    arm('a', 10);
    arm('c', 20);
    arm('late', 31);
    clock.advance(30);
    expect(ran).toEqual([
      ['a', 10],
      ['b', 20],
      ['c', 20],
    ]);
    expect(clock.now()).toBe(30);
    expect(clock.armed).toBe(1);
  });

  it('runs a timer that another one armed if it falls due in the same advance', () => {
    const clock = new FakeClock();
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now());
      clock.schedule(10, again);
    };
    clock.schedule(10, again);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('takes a delay in the past for none', () => {
    const clock = new FakeClock();
    clock.advance(100);
    const ran: number[] = [];
    clock.schedule(-50, () => ran.push(clock.now()));
    clock.advance(0);
    expect(ran).toEqual([100]);
  });

  it('does not run a timer that was cancelled, even by another one at the same instant', () => {
    const clock = new FakeClock();
    const second = { ran: false };
    clock.schedule(10, () => timer.cancel());
    const timer = clock.schedule(10, () => {
      second.ran = true;
    });
    clock.advance(10);
    expect(second.ran).toBe(false);
    expect(clock.armed).toBe(0);
  });

  it('bears that a timer is cancelled twice, or after it ran', () => {
    const clock = new FakeClock();
    const timer = clock.schedule(10, () => undefined);
    clock.advance(10);
    timer.cancel();
    timer.cancel();
    expect(clock.armed).toBe(0);
  });
});

describe('the clock of the machine', () => {
  it('runs a timer once, not before its delay', async () => {
    const startedAt = systemClock.now();
    await new Promise<void>((resolve) => {
      // Keeps the process alive: the clock's timers do not.
      const alive = setTimeout(() => undefined, 5_000);
      systemClock.schedule(20, () => {
        clearTimeout(alive);
        resolve();
      });
    });
    expect(systemClock.now() - startedAt).toBeGreaterThanOrEqual(19);
  });

  it('does not run a timer that was cancelled', async () => {
    const ran: string[] = [];
    systemClock.schedule(5, () => ran.push('cancelled')).cancel();
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
    expect(ran).toEqual([]);
  });

  it('tells milliseconds since the Unix epoch', () => {
    expect(Math.abs(systemClock.wallTime() - Date.now())).toBeLessThan(1_000);
  });

  it('never goes back', () => {
    let last = systemClock.now();
    for (let i = 0; i < 1000; i++) {
      const now = systemClock.now();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });
});
