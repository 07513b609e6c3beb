import type { DocumentStore } from '@legato/b2bua';

export interface DocumentStoreHarness {
  readonly store: DocumentStore;
  close(): Promise<void>;
}

/** What the store of a harness takes in one collection. */
export const CONTRACT_MAX_DOCUMENTS = 5;

/** What every document store does. */
export function describeDocumentStore(name: string, open: () => Promise<DocumentStoreHarness>): void {
  describe(`a document store ${name}`, () => {
    let harness: DocumentStoreHarness;
    let store: DocumentStore;

    beforeEach(async () => {
      harness = await open();
      store = harness.store;
    });
    afterEach(() => harness.close());

    const put = (
      id: string,
      expectedVersion: number,
      content: Record<string, unknown>,
      opId = `op-${Math.random()}`,
    ) => store.write('things', { id, expectedVersion, opId, content });

    it('keeps what is written, by collection', async () => {
      expect(await store.read('things', 'a')).toBeUndefined();
      expect(await put('a', 0, { text: 'ü "quoted" \n' })).toEqual({ status: 'stored', version: 1 });
      expect(await store.read('things', 'a')).toEqual({
        id: 'a',
        version: 1,
        content: { text: 'ü "quoted" \n' },
      });
      expect(await store.read('others', 'a')).toBeUndefined();
    });

    it('takes a write that has seen the last version, and no other', async () => {
      await put('a', 0, { n: 1 });
      expect(await put('a', 0, { n: 2 })).toEqual({ status: 'version', actual: 1 });
      expect(await put('a', 1, { n: 3 })).toEqual({ status: 'stored', version: 2 });
      expect(await put('a', 1, { n: 4 })).toEqual({ status: 'version', actual: 2 });
      expect(await put('b', 3, { n: 5 })).toEqual({ status: 'version', actual: 0 });
      expect((await store.read('things', 'a'))?.content).toEqual({ n: 3 });
    });

    it('knows a write again whose answer was lost', async () => {
      await put('a', 0, { n: 1 }, 'op');
      expect(await put('a', 0, { n: 1 }, 'op')).toEqual({ status: 'stored', version: 1 });
    });

    it('lists a collection in the order of the ids', async () => {
      for (const id of ['c', 'a', 'b']) await put(id, 0, { id });
      expect((await store.list('things')).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect(await store.list('others')).toEqual([]);
    });

    it('removes', async () => {
      await put('a', 0, {});
      expect(await store.remove('things', 'a')).toBe(true);
      expect(await store.remove('things', 'a')).toBe(false);
      expect(await store.list('things')).toEqual([]);
    });

    it('is bounded', async () => {
      for (let n = 0; n < CONTRACT_MAX_DOCUMENTS; n += 1) await put(`d${n}`, 0, {});
      expect(await put('more', 0, {})).toEqual({ status: 'full' });
      expect(await put('d0', 1, { n: 1 })).toEqual({ status: 'stored', version: 2 });
      await store.remove('things', 'd1');
      expect(await put('more', 0, {})).toEqual({ status: 'stored', version: 1 });
    });
  });
}
