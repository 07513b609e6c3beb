import type { IdSource } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { MemoryCallStore } from '../ports/memory-call-store';
import { MemoryDocumentStore } from '../ports/memory-document-store';
import { MemoryEventLog } from '../ports/memory-event-log';
import { ConferenceNames } from './conference-names';

/** Ids in the order of their making. */
function countingIds(): IdSource {
  let made = 0;
  const next = () => String((made += 1)).padStart(6, '0');
  return { token: next, uuidv7: next };
}

describe('the names of conferences', () => {
  let open: Set<string>;
  let ending: Set<string>;
  let documents: MemoryDocumentStore;
  let store: MemoryCallStore;
  let names: ConferenceNames;

  beforeEach(async () => {
    open = new Set();
    ending = new Set();
    const clock = new FakeClock();
    store = new MemoryCallStore({ clock, events: new MemoryEventLog({ clock }) });
    await store.register('spec');
    use(new MemoryDocumentStore());
  });

  function use(kept: MemoryDocumentStore): void {
    documents = kept;
    const isOpen = (id: string) => (ending.has(id) ? false : open.has(id) || undefined);
    names = new ConferenceNames({ documents, store, ids: countingIds(), isOpen });
  }

  /** The conference of a name, which this node has from then on. */
  async function take(name: string) {
    const taken = await names.take(name);
    if (typeof taken === 'string') throw new Error(taken);
    open.add(taken.id);
    return taken;
  }

  const storeRecord = (id: string, ended: boolean) =>
    store.write({
      id,
      expectedVersion: 0,
      generation: 1,
      opId: id,
      state: '{}',
      events: [],
      ended,
      ttlMs: 60_000,
    });

  it('lead to the conference that is open', async () => {
    const { id } = await take('room');
    expect(await names.take('room')).toEqual({ id, isNew: false });
    expect((await take('other')).id).not.toBe(id);
  });

  it('lead to the next generation when the last one ends, has ended or is forgotten', async () => {
    const first = await take('room');
    ending.add(first.id);
    const second = await take('room');
    expect(second).toMatchObject({ isNew: true, generation: 2 });
    open.delete(second.id);
    storeRecord(second.id, true);
    const third = await take('room');
    expect(third).toMatchObject({ generation: 3 });
    open.delete(third.id);
    expect(await take('room')).toMatchObject({ generation: 4 });
  });

  it('belong to another node while that has the conference', async () => {
    const { id } = await take('room');
    open.delete(id);
    storeRecord(id, false);
    expect(await names.take('room')).toBe('elsewhere');
  });

  it('are forgotten, those of the oldest conferences first, when there are too many', async () => {
    use(new MemoryDocumentStore(2));
    const first = await take('one');
    await take('two');
    expect(await names.take('three')).toBe('full');
    open.delete(first.id);
    expect(await take('three')).toMatchObject({ isNew: true, generation: 1 });
    expect((await documents.list('conference-names')).map(({ id }) => id)).toEqual(['three', 'two']);
  });
});
