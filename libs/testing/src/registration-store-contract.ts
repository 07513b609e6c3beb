import type { EventLog, RegistrationStore, RegistrationWrite } from '@legato/b2bua';
import type { Binding } from '@legato/sip';
import { callEvent } from './call-store-contract';

export interface RegistrationStoreHarness {
  readonly store: RegistrationStore;
  readonly events: EventLog;
  /** Another node's view of the same place. */
  readonly other: RegistrationStore;
  /** Wall time in milliseconds. */
  now(): number;
  close(): Promise<void>;
}

let operations = 0;

/** A binding that a test need not care about. */
export function registeredBinding(contact: string, now: number, more: Partial<Binding> = {}): Binding {
  return {
    contact,
    sipCallId: 'call-1@192.0.2.2',
    cseq: 1,
    registeredAt: now,
    expiresAt: now + 60_000,
    reach: 'flow',
    path: [],
    flow: {
      protocol: 'UDP',
      local: { host: '192.0.2.1', port: 5060 },
      remote: { host: '198.51.100.7', port: 28555 },
    },
    ...more,
  };
}

/** Limit of the store that a harness opens: so many addresses-of-record may have bindings. */
export const CONTRACT_MAX_REGISTRATIONS = 5;

/** What every RegistrationStore has to do; `open` gives an empty one, limited as above, to each test. */
export function describeRegistrationStore(name: string, open: () => Promise<RegistrationStoreHarness>): void {
  describe(`${name}: the contract of a registration store`, () => {
    let place: RegistrationStoreHarness;
    let store: RegistrationStore;

    beforeEach(async () => {
      place = await open();
      store = place.store;
    });

    afterEach(() => place.close());

    const binding = (contact: string, more: Partial<Binding> = {}) =>
      registeredBinding(contact, place.now(), more);

    const change = (aor: string, more: Partial<RegistrationWrite> = {}): RegistrationWrite => ({
      aor,
      expectedVersion: 0,
      opId: `op-${++operations}`,
      bindings: [binding('sip:a@192.0.2.2')],
      sequence: 1,
      events: [],
      now: place.now(),
      ...more,
    });

    it('knows nobody at first', async () => {
      expect(await store.load('sip:nobody@example.com')).toBeUndefined();
      expect(await store.list({ limit: 10 })).toEqual({ records: [] });
      expect(await store.count()).toBe(0);
    });

    it('gives back what was written, on any node', async () => {
      const bindings = [
        binding('sip:a@192.0.2.2', { q: 0.5, path: ['<sip:p1;lr>'], reach: 'path' }),
        binding('sip:b@192.0.2.3', { userAgent: 'Ünïcode "agent"' }),
      ];
      expect(await store.write(change('sip:a@example.com', { bindings, sequence: 2 }))).toEqual({
        status: 'stored',
        version: 1,
      });
      const record = { aor: 'sip:a@example.com', version: 1, sequence: 2, bindings };
      expect(await place.other.load('sip:a@example.com')).toEqual(record);
    });

    it('takes only one of two writes that were decided on the same version (RFC 3261 §10.3: atomically)', async () => {
      await store.write(change('sip:a@example.com'));
      const writes = [store, place.other].map((each, n) =>
        each.write(change('sip:a@example.com', { expectedVersion: 1, sequence: n })),
      );
      const outcomes = (await Promise.all(writes)).map(({ status }) => status);
      expect(outcomes.sort()).toEqual(['stored', 'version']);
      expect(await store.write(change('sip:a@example.com', { expectedVersion: 1 }))).toEqual({
        status: 'version',
        actual: 2,
      });
    });

    it('recognises a write that is sent again', async () => {
      const write = change('sip:a@example.com', { events: [callEvent('sip:a@example.com', 1)] });
      const first = await store.write(write);
      expect(await store.write(write)).toEqual(first);
      expect((await place.events.read('', 10)).events).toHaveLength(1);
    });

    it('appends the events of a write that it takes, and of no other', async () => {
      await store.write(change('sip:a@example.com', { events: [callEvent('sip:a@example.com', 1)] }));
      await store.write(change('sip:a@example.com', { events: [callEvent('sip:a@example.com', 9)] }));
      const { events } = await place.events.read('', 10);
      expect(events.map(({ sequence }) => sequence)).toEqual([1]);
    });

    it('keeps version and sequence of one whose bindings were removed, and lists it no longer', async () => {
      await store.write(change('sip:a@example.com'));
      await store.write(change('sip:a@example.com', { expectedVersion: 1, bindings: [], sequence: 2 }));
      expect(await store.load('sip:a@example.com')).toMatchObject({ version: 2, sequence: 2, bindings: [] });
      expect(await store.list({ limit: 10 })).toEqual({ records: [] });
      expect(await store.count()).toBe(0);
    });

    it('lists in pages in the order of the text', async () => {
      const aors = ['sip:d@x', 'sip:a@x', 'sip:c@x', 'sip:b@x', 'sip:e@x'];
      for (const aor of aors) await store.write(change(aor));
      const seen: string[] = [];
      for (let after: string | undefined = ''; after !== undefined;) {
        const page: Awaited<ReturnType<RegistrationStore['list']>> = await place.other.list({
          limit: 2,
          ...(after === '' ? {} : { after }),
        });
        seen.push(...page.records.map(({ aor }) => aor));
        after = page.next;
      }
      expect(seen).toEqual([...aors].sort());
      expect(await store.count()).toBe(5);
    });

    it('goes on listing after one that is gone by then', async () => {
      for (const aor of ['sip:a@x', 'sip:b@x', 'sip:c@x']) await store.write(change(aor));
      await store.write(change('sip:b@x', { expectedVersion: 1, bindings: [] }));
      const { records } = await store.list({ after: 'sip:b@x', limit: 10 });
      expect(records.map(({ aor }) => aor)).toEqual(['sip:c@x']);
    });

    it('takes no more addresses-of-record than it may, but changes to those that it has', async () => {
      for (let i = 0; i < CONTRACT_MAX_REGISTRATIONS; i++) await store.write(change(`sip:${i}@x`));
      const events = [callEvent('sip:late@x', 1)];
      expect(await store.write(change('sip:late@x', { events }))).toEqual({ status: 'full' });
      expect(await store.load('sip:late@x')).toBeUndefined();
      expect((await place.events.read('', 10)).events).toEqual([]);
      const two = [binding('sip:a@192.0.2.2'), binding('sip:b@192.0.2.2')];
      const again = await store.write(change('sip:0@x', { expectedVersion: 1, bindings: two }));
      expect(again.status).toBe('stored');
      await store.write(change('sip:1@x', { expectedVersion: 1, bindings: [] }));
      expect((await store.write(change('sip:late@x'))).status).toBe('stored');
    });

    it('tells whose bindings have expired, the longest due first', async () => {
      const now = place.now();
      const dueAt = (ms: number) => [
        binding('sip:late@192.0.2.2'),
        binding('sip:a@192.0.2.2', { expiresAt: now + ms }),
      ];
      await store.write(change('sip:second@x', { bindings: dueAt(2000) }));
      await store.write(change('sip:first@x', { bindings: dueAt(1000) }));
      await store.write(change('sip:third@x', { bindings: dueAt(9000) }));
      const due = async (at: number, limit = 10) => (await place.other.due(at, limit)).map(({ aor }) => aor);
      expect(await due(now + 999)).toEqual([]);
      expect(await due(now + 2000)).toEqual(['sip:first@x', 'sip:second@x']);
      expect(await due(now + 2000, 1)).toEqual(['sip:first@x']);
      await store.write(
        change('sip:first@x', { expectedVersion: 1, bindings: [binding('sip:late@192.0.2.2')] }),
      );
      expect(await due(now + 2000)).toEqual(['sip:second@x']);
    });
  });
}
