import { MemoryDocumentStore } from '@legato/b2bua';
import { randomIds } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { FlowLibrary } from './flow-library';

const flow = (name: string, version?: number) => ({
  name,
  start: 'a',
  steps: { a: { type: 'hangup' as const } },
  ...(version === undefined ? {} : { version }),
});

describe('the library of flows', () => {
  const clock = new FakeClock();
  let documents: MemoryDocumentStore;
  let library: FlowLibrary;
  beforeEach(() => {
    documents = new MemoryDocumentStore();
    library = new FlowLibrary({ documents, clock, ids: randomIds, judgeUrl: () => undefined });
  });

  it('counts versions, and shows the latest', async () => {
    expect(await library.put('menu', flow('one'))).toEqual({ isNew: true });
    expect(await library.put('menu', flow('two', 2))).toEqual({ isNew: false });
    expect(await library.read('menu')).toMatchObject({
      id: 'menu',
      state: 'draft',
      version: 2,
      versions: [1, 2],
      active_version: null,
      document: { name: 'two', version: 2 },
    });
    expect(await library.read('menu', 1)).toMatchObject({ document: { name: 'one', version: 1 } });
    expect(await library.read('menu', 3)).toBeUndefined();
  });

  it('makes no version of what is the latest already', async () => {
    await library.put('menu', flow('one'));
    await library.put('menu', flow('one'));
    await library.put('menu', flow('one', 1));
    expect(await library.read('menu')).toMatchObject({ version: 1 });
  });

  it('refuses a document that was written for another version', async () => {
    await library.put('menu', flow('one'));
    expect(await library.put('menu', flow('two', 3))).toBe('version');
    expect(await library.put('other', flow('two', 2))).toBe('version');
    expect(await documents.list('flow_documents')).toHaveLength(1);
  });

  it('gives calls the active version', async () => {
    await library.put('menu', flow('one'));
    expect(await library.document('menu')).toBeUndefined();
    expect(await library.activate('menu')).toBeUndefined();
    await library.put('menu', flow('two'));
    expect(await library.document('menu')).toMatchObject({ version: 1, document: { name: 'one' } });
    expect(await library.activate('menu', 2)).toBeUndefined();
    expect(await library.document('menu')).toMatchObject({ version: 2 });
    expect(await library.document('menu', 1)).toMatchObject({ version: 1 });
    expect(await library.activate('menu', 3)).toBe('version');
    expect(await library.activate('nobody')).toBe('not_found');
  });

  it('keeps twenty versions, and the active one', async () => {
    await library.put('menu', flow('v1'));
    await library.activate('menu');
    for (let n = 2; n <= 23; n += 1) await library.put('menu', flow(`v${n}`));
    const kept = (await library.read('menu'))?.versions;
    expect(kept).toHaveLength(20);
    expect(kept?.slice(0, 2)).toEqual([1, 5]);
    expect(await documents.list('flow_documents')).toHaveLength(20);
    expect(await library.document('menu')).toMatchObject({ version: 1 });
  });

  it('lets one of two authors be faster', async () => {
    await library.put('menu', flow('one'));
    const outcomes = await Promise.all([
      library.put('menu', flow('two')),
      library.put('menu', flow('three')),
    ]);
    expect(outcomes).toContain('version');
    expect(await library.read('menu')).toMatchObject({ version: 2 });
    expect(await documents.list('flow_documents')).toHaveLength(2);
  });

  it('removes a flow with all of its documents', async () => {
    await library.put('menu', flow('one'));
    await library.put('menu', flow('two'));
    expect(await library.remove('menu')).toBe(true);
    expect(await library.remove('menu')).toBe(false);
    expect(await library.read('menu')).toBeUndefined();
    expect(await documents.list('flow_documents')).toEqual([]);
  });

  it('says when there are too many', async () => {
    library = new FlowLibrary({
      documents: new MemoryDocumentStore(1),
      clock,
      ids: randomIds,
      judgeUrl: () => undefined,
    });
    expect(await library.put('menu', flow('one'))).toEqual({ isNew: true });
    expect(await library.put('other', flow('one'))).toBe('full');
  });
});
