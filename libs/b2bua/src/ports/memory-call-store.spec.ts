import { FakeClock, callEvent, callWrite, describeCallStore } from '@legato/testing';
import { StoreUnavailable } from './call-store';
import { MemoryCallStore } from './memory-call-store';
import { MemoryCallTable } from './memory-call-table';
import { MemoryCdrLog } from './memory-cdr-log';
import { MemoryEventLog } from './memory-event-log';

describeCallStore('memory', () => {
  const clock = new FakeClock();
  const table = new MemoryCallTable({ clock });
  const events = new MemoryEventLog({ clock });
  const cdrs = new MemoryCdrLog({ clock });
  return Promise.resolve({
    events,
    cdrs,
    open: () => Promise.resolve(new MemoryCallStore({ clock, events, cdrs, table })),
    fence: (nodeId) => Promise.resolve(table.fence(nodeId)),
    flush: () => Promise.resolve(table.clear()),
    elapse: (ms) => Promise.resolve(clock.advance(ms)),
    close: () => Promise.resolve(),
  });
});

describe('the call store in memory', () => {
  const clock = new FakeClock();

  async function open(maxRecords?: number) {
    const table = new MemoryCallTable({ clock, ...(maxRecords === undefined ? {} : { maxRecords }) });
    const events = new MemoryEventLog({ clock });
    const store = new MemoryCallStore({ clock, events, table });
    await store.register('a');
    return { table, events, store };
  }

  it('answers a write at once, and its events are in the log by then', async () => {
    const { store, events } = await open();
    expect(store.write(callWrite('c1', { events: [callEvent('c1', 1)] }))).toEqual({
      status: 'stored',
      version: 1,
    });
    expect(events.size).toBe(1);
  });

  it('asks to be registered first', () => {
    const store = new MemoryCallStore({ clock, events: new MemoryEventLog({ clock }) });
    expect(() => store.write(callWrite('c1'))).toThrow(StoreUnavailable);
  });

  it('arms no timer', async () => {
    const { store } = await open();
    store.write(callWrite('c1', { ttlMs: 1000 }));
    expect(clock.armed).toBe(0);
  });

  it('makes room by dropping the oldest ended call, never a live one', async () => {
    const { store, table } = await open(3);
    store.write(callWrite('live'));
    store.write(callWrite('ended-1', { ended: true }));
    store.write(callWrite('ended-2', { ended: true }));
    store.write(callWrite('new-1'));
    expect(await store.load('ended-1')).toBeUndefined();
    expect(await store.load('live')).toBeDefined();
    store.write(callWrite('new-2'));
    expect(table.size).toBe(3);
    expect(() => store.write(callWrite('new-3'))).toThrow(StoreUnavailable);
    expect(store.write(callWrite('live', { expectedVersion: 1 }))).toEqual({ status: 'stored', version: 2 });
  });

  it('drops what has expired, whatever the order of the times to live and however long nobody looked', async () => {
    const { store, table } = await open();
    for (let i = 0; i < 100; i++) store.write(callWrite(`c${i}`, { ttlMs: 500 + ((i * 7919) % 100) * 1000 }));
    store.write(callWrite('renewed', { ttlMs: 1_000 }));
    store.write(callWrite('renewed', { expectedVersion: 1, ttlMs: 10_000_000 }));
    store.write(callWrite('shortened', { ttlMs: 10_000_000 }));
    store.write(callWrite('shortened', { expectedVersion: 1, ended: true, ttlMs: 700 }));
    clock.advance(1_000);
    expect(await store.load('shortened')).toBeUndefined();
    clock.advance(48_900);
    expect(table.size).toBe(51);
    clock.advance(1_000_000);
    expect(table.size).toBe(1);
    clock.advance(10_000_000);
    expect(table.size).toBe(0);
  });
});

describe('the detail records in memory', () => {
  it('leave, oldest first, when there are too many', async () => {
    const cdrs = new MemoryCdrLog({ clock: new FakeClock(), maxCdrs: 3 });
    for (let i = 0; i < 10; i++) cdrs.append(`"${i}"`);
    expect((await cdrs.read('', 10)).cdrs.map(({ cdr }) => cdr)).toEqual(['"7"', '"8"', '"9"']);
  });
});
