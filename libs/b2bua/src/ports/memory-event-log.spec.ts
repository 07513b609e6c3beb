import { FakeClock, callEvent, describeEventLog } from '@legato/testing';
import { MemoryEventLog } from './memory-event-log';

describeEventLog('memory', () =>
  Promise.resolve({
    log: new MemoryEventLog({ clock: new FakeClock() }),
    close: () => Promise.resolve(),
  }),
);

describe('the event log in memory', () => {
  it('keeps a limited number of events', async () => {
    const log = new MemoryEventLog({ clock: new FakeClock(), maxEvents: 5 });
    for (let i = 1; i <= 5000; i++) log.appendNow([callEvent('call_1', i)]);
    expect(log.size).toBe(5);
    const { events } = await log.read('', 10);
    expect(events.map((event) => event.sequence)).toEqual([4996, 4997, 4998, 4999, 5000]);
  });

  it('keeps events for a limited time', async () => {
    const clock = new FakeClock();
    const log = new MemoryEventLog({ clock, maxAgeMs: 1000 });
    log.appendNow([callEvent('call_1', 1)]);
    clock.advance(600);
    log.appendNow([callEvent('call_1', 2)]);
    clock.advance(600);
    expect((await log.read('', 10)).events.map((event) => event.sequence)).toEqual([2]);
  });

  it('goes on from the oldest event that is kept when those after a cursor have left', async () => {
    const log = new MemoryEventLog({ clock: new FakeClock(), maxEvents: 2 });
    log.appendNow([callEvent('call_1', 1)]);
    const { next } = await log.read('', 1);
    for (let i = 2; i <= 5; i++) log.appendNow([callEvent('call_1', i)]);
    expect((await log.read(next, 10)).events.map((event) => event.sequence)).toEqual([4, 5]);
  });

  it('tells listeners inside the append, once they have caught up', async () => {
    const log = new MemoryEventLog({ clock: new FakeClock() });
    const seen: number[] = [];
    const stop = log.subscribe('', (event) => seen.push(event.sequence));
    log.appendNow([callEvent('call_1', 1)]);
    expect(seen).toEqual([1]);
    stop();
    expect(log.listeners).toBe(0);
    await Promise.resolve();
    expect(seen).toEqual([1]);
  });

  it('takes the cursor of an earlier process for one before all of its own', async () => {
    const earlier = new MemoryEventLog({ clock: new FakeClock(1_700_000_000_000) });
    for (let i = 1; i <= 100; i++) earlier.appendNow([callEvent('call_1', i)]);
    const { next } = await earlier.read('', 100);
    const later = new MemoryEventLog({ clock: new FakeClock(1_700_000_000_500) });
    later.appendNow([callEvent('call_2', 1)]);
    expect((await later.read(next, 10)).events).toHaveLength(1);
  });

  it('gives out growing cursors when the wall clock is set back', async () => {
    let wall = 2_000_000;
    const log = new MemoryEventLog({
      clock: { wallTime: () => wall, now: () => 0, schedule: () => ({ cancel: () => undefined }) },
    });
    log.appendNow([callEvent('call_1', 1)]);
    wall = 1_000_000;
    log.appendNow([callEvent('call_1', 2)]);
    const first = await log.read('', 1);
    expect((await log.read(first.next, 1)).events.map((event) => event.sequence)).toEqual([2]);
  });
});
