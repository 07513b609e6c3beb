import { MemoryDocumentStore, StoreUnavailable } from '@legato/b2bua';
import { randomIds, silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { Drains } from './drains';

const settle = (): Promise<void> => new Promise(setImmediate);

function setUp(documents = new MemoryDocumentStore()) {
  const clock = new FakeClock();
  const told: string[] = [];
  const drains = new Drains({ documents, clock, ids: randomIds, log: silentLog });
  drains.onChange = (id, drained) => told.push(`${id} ${drained}`);
  return { clock, drains, documents, told };
}

describe('drained media servers', () => {
  it('are told of once, however often they are drained', async () => {
    const { drains, told } = setUp();
    for (const drained of [true, true, false, false]) await drains.set('a', drained);
    expect(told).toEqual(['a true', 'a false']);
  });

  it('are known to all nodes of a store within five seconds', async () => {
    const one = setUp();
    const other = setUp(one.documents);
    other.drains.start();
    await settle();
    await one.drains.set('a', true);
    other.clock.advance(5_000);
    await settle();
    await one.drains.set('a', false);
    other.clock.advance(5_000);
    await settle();
    expect(other.told).toEqual(['a true', 'a false']);
    other.drains.stop();
    expect(other.clock.armed).toBe(0);
  });

  it('stay as they are while the store is away, and a command says so', async () => {
    const { clock, drains, documents, told } = setUp();
    await drains.set('a', true);
    const away = () => Promise.reject(new StoreUnavailable('away'));
    Object.assign(documents, { list: away, read: away, write: away, remove: away });
    drains.start();
    await settle();
    clock.advance(5_000);
    await settle();
    await expect(drains.set('a', false)).rejects.toThrow(StoreUnavailable);
    expect(told).toEqual(['a true']);
    drains.stop();
  });
});
