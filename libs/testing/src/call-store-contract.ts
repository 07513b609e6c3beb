import type {
  CallEvent,
  CallRecord,
  CdrLog,
  CallStore,
  CallWrite,
  EventLog,
  WriteOutcome,
} from '@legato/b2bua';

/** A store whose nodes can be fenced and can put back what was lost, as both stores of Legato. */
export interface OwnedCallStore extends CallStore {
  reassert(writes: readonly CallWrite[]): Promise<WriteOutcome[]>;
}

/** One place where calls are kept, and the nodes around it. */
export interface CallStoreHarness {
  /** The store of another process over the same place; not registered. */
  open(): Promise<OwnedCallStore>;
  /** The log that the writes' events go to. */
  readonly events: EventLog;
  /** The log that the records of ended calls go to. */
  readonly cdrs: CdrLog;
  /** Declares a node dead. */
  fence(nodeId: string): Promise<void>;
  /** Loses everything, the nodes included. */
  flush(): Promise<void>;
  /** Lets time pass. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

let counter = 0;

/** A write with what a test does not care about filled in. */
export function callWrite(id: string, given: Partial<CallWrite> = {}): CallWrite {
  counter += 1;
  return {
    id,
    expectedVersion: 0,
    generation: 1,
    opId: `op-${counter}`,
    state: JSON.stringify({ id, counter }),
    events: [],
    ended: false,
    ttlMs: 60_000,
    ...given,
  };
}

export function callEvent(subject: string, sequence: number, type = 'call.answered'): CallEvent {
  counter += 1;
  return {
    id: `evt_${counter}`,
    type,
    subject,
    time: '2026-11-01T12:00:00.000Z',
    sequence,
    data: { sequence },
  };
}

/** What every CallStore has to do; `open` gives an empty place to each test. */
export function describeCallStore(name: string, open: () => Promise<CallStoreHarness>): void {
  describe(`${name}: the contract of a call store`, () => {
    let place: CallStoreHarness;
    let a: OwnedCallStore;
    let b: OwnedCallStore;

    beforeEach(async () => {
      place = await open();
      a = await place.open();
      b = await place.open();
      await a.register('a');
      await b.register('b');
    });

    afterEach(() => place.close());

    const stored = (version: number) => ({ status: 'stored', version });
    const ids = (records: readonly CallRecord[]) => records.map((record) => record.id).sort();
    const logged = async () => (await place.events.read('', 100)).events.map((event) => event.id);

    describe('versions', () => {
      it('stores a new call as version 1 and each further write as the next one', async () => {
        expect(await a.write(callWrite('c1'))).toEqual(stored(1));
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual(stored(2));
        expect(await a.write(callWrite('c1', { expectedVersion: 2 }))).toEqual(stored(3));
      });

      it('gives back what was written, byte for byte', async () => {
        const state = JSON.stringify({ text: 'žluťoučký \u0000 \r\n "\\" 🎶', long: 'x'.repeat(100_000) });
        const { epoch } = await a.register('a');
        await a.write(callWrite('c1', { state, generation: 1 }));
        expect(await a.load('c1')).toEqual({
          id: 'c1',
          version: 1,
          generation: 1,
          owner: 'a',
          epoch,
          state,
          ended: false,
        });
      });

      it('knows nothing of a call that was never written', async () => {
        expect(await a.load('c1')).toBeUndefined();
      });

      it('refuses a write that has not seen the last version, and tells it', async () => {
        await a.write(callWrite('c1'));
        await a.write(callWrite('c1', { expectedVersion: 1, state: '"second"' }));
        expect(await a.write(callWrite('c1', { expectedVersion: 1, state: '"late"' }))).toEqual({
          status: 'version',
          actual: 2,
        });
        expect((await a.load('c1'))?.state).toBe('"second"');
      });

      it('does not create a call twice', async () => {
        await a.write(callWrite('c1'));
        expect(await a.write(callWrite('c1'))).toEqual({ status: 'version', actual: 1 });
      });

      it('answers a write that is sent again as it did the first time, without doing it again', async () => {
        await a.write(callWrite('c1'));
        const write = callWrite('c1', { expectedVersion: 1, events: [callEvent('c1', 1)] });
        expect(await a.write(write)).toEqual(stored(2));
        expect(await a.write(write)).toEqual(stored(2));
        expect((await a.load('c1'))?.version).toBe(2);
        expect(await logged()).toHaveLength(1);
      });

      it('recognises a repetition only until the next write', async () => {
        const first = callWrite('c1');
        await a.write(first);
        await a.write(callWrite('c1', { expectedVersion: 1 }));
        expect(await a.write(first)).toEqual({ status: 'version', actual: 2 });
      });
    });

    describe('ownership', () => {
      it('fences a node that writes a call of another', async () => {
        await a.write(callWrite('c1'));
        expect(await b.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({ status: 'fenced' });
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual(stored(2));
      });

      it('fences an older incarnation of a node from the moment a newer one registers', async () => {
        await a.write(callWrite('c1'));
        const restarted = await place.open();
        await restarted.register('a');
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({ status: 'fenced' });
        expect(await a.write(callWrite('c2'))).toEqual({ status: 'fenced' });
      });

      it('gives each registration a greater epoch', async () => {
        const first = await a.register('a');
        const second = await a.register('a');
        expect(second.epoch).toBeGreaterThan(first.epoch);
      });

      it('fences a node that was declared dead, until it registers again', async () => {
        await place.fence('a');
        expect(await a.write(callWrite('c1'))).toEqual({ status: 'fenced' });
        await a.register('a');
        expect(await a.write(callWrite('c1'))).toEqual(stored(1));
      });

      it('writes no state and no event for the fenced', async () => {
        await place.fence('a');
        await a.write(callWrite('c1', { events: [callEvent('c1', 1)] }));
        expect(await b.load('c1')).toBeUndefined();
        expect(await logged()).toEqual([]);
      });
    });

    describe('take-over', () => {
      it('claims nothing from a node that lives', async () => {
        await a.write(callWrite('c1'));
        expect(await b.claim('a')).toEqual([]);
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual(stored(2));
      });

      it('claims the live calls of a dead node under the next generation', async () => {
        await a.write(callWrite('c1', { state: '"first"' }));
        await a.write(callWrite('c2'));
        await a.write(callWrite('c2', { expectedVersion: 1, ended: true }));
        await place.fence('a');
        const claimed = await b.claim('a');
        expect(claimed).toHaveLength(1);
        expect(claimed[0]).toMatchObject({
          id: 'c1',
          version: 1,
          generation: 2,
          owner: 'b',
          state: '"first"',
        });
        expect(await b.load('c1')).toEqual(claimed[0]);
      });

      it('lets the new owner write and the old one never again', async () => {
        await a.write(callWrite('c1'));
        await place.fence('a');
        await b.claim('a');
        expect(await b.write(callWrite('c1', { expectedVersion: 1, generation: 2 }))).toEqual(stored(2));
        await a.register('a');
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({ status: 'fenced' });
        expect(await a.write(callWrite('c1', { expectedVersion: 2, generation: 2 }))).toEqual({
          status: 'fenced',
        });
      });

      it('gives each call to one claimer only', async () => {
        for (let i = 0; i < 250; i++) await a.write(callWrite(`c${i}`));
        await place.fence('a');
        const c = await place.open();
        await c.register('c');
        const [left, right] = await Promise.all([b.claim('a'), c.claim('a')]);
        expect(left.length + right.length).toBe(250);
        expect(new Set(ids([...left, ...right])).size).toBe(250);
        expect(await b.claim('a')).toEqual([]);
      });

      it('lets a restarted node claim what it had before', async () => {
        await a.write(callWrite('c1'));
        const restarted = await place.open();
        await restarted.register('a');
        await restarted.write(callWrite('c2'));
        const claimed = await restarted.claim('a');
        expect(ids(claimed)).toEqual(['c1']);
        expect(claimed[0]).toMatchObject({ generation: 2, owner: 'a' });
        expect(await restarted.write(callWrite('c1', { expectedVersion: 1, generation: 2 }))).toEqual(
          stored(2),
        );
        expect(await restarted.claim('a')).toEqual([]);
      });

      it('fences a write that was on its way when its own node took the call over anew', async () => {
        await a.write(callWrite('c1'));
        await a.register('a');
        expect(await a.claim('a')).toMatchObject([{ id: 'c1', generation: 2 }]);
        expect(await a.write(callWrite('c1', { expectedVersion: 1, generation: 1 }))).toEqual({
          status: 'fenced',
        });
      });

      it('claims a second time when the second owner dies as well', async () => {
        await a.write(callWrite('c1'));
        await place.fence('a');
        await b.claim('a');
        await place.fence('b');
        await a.register('a');
        expect(await a.claim('b')).toMatchObject([{ id: 'c1', generation: 3, owner: 'a' }]);
      });

      it('claims nothing for a node that is fenced itself', async () => {
        await a.write(callWrite('c1'));
        await place.fence('a');
        await place.fence('b');
        expect(await b.claim('a')).toEqual([]);
        expect(await a.load('c1')).toMatchObject({ owner: 'a', generation: 1 });
      });

      it('lets others claim at once from a node that closed', async () => {
        await a.write(callWrite('c1'));
        await a.close();
        expect(ids(await b.claim('a'))).toEqual(['c1']);
      });
    });

    describe('events', () => {
      it('appends the events of a stored write in order', async () => {
        const events = [callEvent('c1', 1), callEvent('c1', 2), callEvent('c1', 3)];
        await a.write(callWrite('c1', { events }));
        const { events: read } = await place.events.read('', 10);
        expect(read.map(({ cursor: _cursor, ...event }) => event)).toEqual(events);
      });

      it('appends none for a write that is refused', async () => {
        await a.write(callWrite('c1'));
        await a.write(callWrite('c1', { events: [callEvent('c1', 1)] }));
        await b.write(callWrite('c1', { expectedVersion: 1, events: [callEvent('c1', 1)] }));
        expect(await logged()).toEqual([]);
      });
    });

    describe('the end of a call', () => {
      it('keeps the record for its time to live, then nothing', async () => {
        await a.write(callWrite('c1'));
        await a.write(callWrite('c1', { expectedVersion: 1, ended: true, ttlMs: 400 }));
        expect(await b.load('c1')).toMatchObject({ ended: true, version: 2 });
        await place.elapse(600);
        expect(await b.load('c1')).toBeUndefined();
        expect((await b.list({ limit: 10 })).records).toEqual([]);
      });

      it('prolongs the life of a call with each write', async () => {
        await a.write(callWrite('c1', { ttlMs: 600 }));
        await place.elapse(300);
        await a.write(callWrite('c1', { expectedVersion: 1, ttlMs: 1_500 }));
        await place.elapse(600);
        expect(await a.load('c1')).toMatchObject({ version: 2 });
      });
    });

    describe('detail records', () => {
      const ended = (more: Partial<CallWrite> = {}) =>
        callWrite('c1', { expectedVersion: 1, ended: true, cdr: '{"call":"c1"}', ...more });
      const kept = async () => (await place.cdrs.read('', 100)).cdrs.map(({ cdr }) => cdr);

      it('come with the write that ends their call, and are read on from a cursor', async () => {
        for (const id of ['c1', 'c2', 'c3']) {
          await a.write(callWrite(id));
          await a.write(callWrite(id, { expectedVersion: 1, ended: true, cdr: `"${id}"` }));
        }
        const first = await place.cdrs.read('', 2);
        expect(first.cdrs.map(({ cdr }) => cdr)).toEqual(['"c1"', '"c2"']);
        expect(first).toMatchObject({ hasMore: true, next: first.cdrs[1]?.cursor });
        const rest = await place.cdrs.read(first.next, 2);
        expect(rest).toMatchObject({ cdrs: [{ cdr: '"c3"' }], hasMore: false });
        expect(await place.cdrs.read(rest.next, 2)).toEqual({ cdrs: [], next: rest.next, hasMore: false });
      });

      it('are there once when their write is sent again', async () => {
        await a.write(callWrite('c1'));
        const write = ended();
        expect(await a.write(write)).toEqual(stored(2));
        expect(await a.write(write)).toEqual(stored(2));
        expect(await kept()).toEqual(['{"call":"c1"}']);
      });

      it('are not there when their write is refused', async () => {
        await a.write(callWrite('c1'));
        await a.write(ended({ expectedVersion: 0 }));
        await b.write(ended());
        expect(await kept()).toEqual([]);
      });
    });

    describe('the list', () => {
      const page = (count: number) =>
        Array.from({ length: count }, (_, i) => `call_${String(i).padStart(3, '0')}`);

      it('pages through all calls, ended ones too, newest first', async () => {
        for (const id of page(7)) await a.write(callWrite(id));
        await a.write(callWrite('call_003', { expectedVersion: 1, ended: true }));
        const first = await b.list({ limit: 3 });
        expect(first.records.map((record) => record.id)).toEqual(['call_006', 'call_005', 'call_004']);
        const second = await b.list({ limit: 3, after: first.next! });
        expect(second.records.map((record) => record.id)).toEqual(['call_003', 'call_002', 'call_001']);
        expect(second.records[0]).toMatchObject({ ended: true, owner: 'a', version: 2 });
        const third = await b.list({ limit: 3, after: second.next! });
        expect(third.records.map((record) => record.id)).toEqual(['call_000']);
        expect(third.next).toBeUndefined();
      });

      it('has no next page when the last one is full', async () => {
        for (const id of page(2)) await a.write(callWrite(id));
        const list = await a.list({ limit: 2 });
        expect(list.records).toHaveLength(2);
        expect(list.next).toBeUndefined();
      });

      it('goes on after a call that has expired since', async () => {
        for (const id of page(4)) await a.write(callWrite(id, { ttlMs: id === 'call_002' ? 300 : 60_000 }));
        await place.elapse(500);
        const list = await a.list({ limit: 5, after: 'call_002' });
        expect(list.records.map((record) => record.id)).toEqual(['call_001', 'call_000']);
      });
    });

    describe('after the store has lost everything', () => {
      it('takes the next write of the owner as it is', async () => {
        await a.write(callWrite('c1'));
        await a.write(callWrite('c1', { expectedVersion: 1 }));
        await place.flush();
        expect(await a.write(callWrite('c1', { expectedVersion: 2, state: '"mine"' }))).toEqual(stored(3));
        expect(await b.load('c1')).toMatchObject({ owner: 'a', version: 3, state: '"mine"' });
        await place.fence('a');
        expect(ids(await b.claim('a'))).toEqual(['c1']);
      });

      it('takes what its owner asserts', async () => {
        await a.write(callWrite('c1'));
        await a.write(callWrite('c2'));
        await place.flush();
        const outcomes = await a.reassert([
          callWrite('c1', { expectedVersion: 1 }),
          callWrite('c2', { expectedVersion: 1 }),
        ]);
        expect(outcomes).toEqual([stored(2), stored(2)]);
        expect(await a.load('c1')).toMatchObject({ owner: 'a', version: 2 });
      });

      it('knows a node again by its first write, and then fences its older incarnations', async () => {
        await a.write(callWrite('c1'));
        const restarted = await place.open();
        await restarted.register('a');
        await place.flush();
        expect(await restarted.write(callWrite('c2'))).toEqual(stored(1));
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({ status: 'fenced' });
      });

      it('prefers the greater generation, whoever comes first (I10)', async () => {
        await a.write(callWrite('c1'));
        await place.fence('a');
        await b.claim('a');
        await b.write(callWrite('c1', { expectedVersion: 1, generation: 2, state: '"b"' }));
        await place.flush();
        // The dead owner is not so dead: it still holds its copy of generation 1.
        expect(await a.reassert([callWrite('c1', { expectedVersion: 1 })])).toEqual([stored(2)]);
        const again = callWrite('c1', { expectedVersion: 2, generation: 2, state: '"b"' });
        expect(await b.reassert([again])).toEqual([stored(3)]);
        expect(await a.write(callWrite('c1', { expectedVersion: 2 }))).toEqual({ status: 'fenced' });
        expect(await a.load('c1')).toMatchObject({ owner: 'b', generation: 2, state: '"b"' });
      });
    });

    describe('reassertion without a loss', () => {
      it('lets a node that was fenced take back what nobody claimed', async () => {
        await a.write(callWrite('c1'));
        await a.write(callWrite('c2'));
        await place.fence('a');
        await a.register('a');
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual({ status: 'fenced' });
        expect(await a.reassert([callWrite('c1', { expectedVersion: 1 })])).toEqual([stored(2)]);
        expect(await a.write(callWrite('c1', { expectedVersion: 2 }))).toEqual(stored(3));
      });

      it('makes the new incarnation the owner even when the asserted write had been done before', async () => {
        const write = callWrite('c1');
        await a.write(write);
        await a.register('a');
        expect(await a.reassert([write])).toEqual([stored(1)]);
        expect(await b.claim('a')).toEqual([]);
        expect(await a.write(callWrite('c1', { expectedVersion: 1 }))).toEqual(stored(2));
      });

      it('refuses what was claimed, and what has gone on', async () => {
        await a.write(callWrite('c1'));
        await b.write(callWrite('c2'));
        await b.write(callWrite('c2', { expectedVersion: 1 }));
        await place.fence('a');
        await b.claim('a');
        await a.register('a');
        expect(await a.reassert([callWrite('c1', { expectedVersion: 1 })])).toEqual([{ status: 'fenced' }]);
        expect(await b.reassert([callWrite('c2', { expectedVersion: 1 })])).toEqual([
          { status: 'version', actual: 2 },
        ]);
      });
    });

    it('says that it answers', async () => {
      expect(await a.ping()).toBe(true);
    });
  });
}
