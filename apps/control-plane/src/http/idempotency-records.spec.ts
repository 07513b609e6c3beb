import { MemoryCallStore, MemoryCallTable, MemoryEventLog } from '@legato/b2bua';
import { randomIds } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { IdempotencyRecords } from './idempotency-records';

const answer = { status: 202, body: { id: 'x' } };

describe('the records of commands', () => {
  let clock: FakeClock;
  let table: MemoryCallTable;

  /** A life of a node: another one of the same name is a later life. */
  async function life(nodeId: string): Promise<IdempotencyRecords> {
    const store = new MemoryCallStore({ clock, table, events: new MemoryEventLog({ clock }) });
    await store.register(nodeId);
    return new IdempotencyRecords(store, { ids: randomIds, clock, nodeId });
  }

  async function begun(records: IdempotencyRecords) {
    const beginning = await records.begin('idem_1', 'print');
    if (beginning.state !== 'begun') throw new Error(beginning.state);
    return beginning.ticket;
  }

  beforeEach(() => {
    clock = new FakeClock();
    table = new MemoryCallTable({ clock });
  });

  it('let a later life of the node go on under the same command', async () => {
    const first = await begun(await life('a'));
    const second = await life('a');
    const ticket = await begun(second);
    expect(ticket.command).toBe(first.command);
    expect(await second.begin('idem_1', 'print')).toEqual({ state: 'in progress' });
    await second.complete(ticket, answer);
    expect(await second.begin('idem_1', 'print')).toEqual({ state: 'answered', answer });
    expect(await (await life('b')).begin('idem_1', 'print')).toEqual({ state: 'answered', answer });
  });

  it('keep another node waiting until the first can not be alive', async () => {
    const a = await life('a');
    const b = await life('b');
    const first = await begun(a);
    expect(await b.begin('idem_1', 'print')).toEqual({ state: 'in progress' });
    expect(await b.begin('idem_1', 'another print')).toEqual({ state: 'taken' });
    clock.advance(31_000);
    expect((await begun(b)).command).toBe(first.command);
    // Who was slow is too late to say anything.
    await a.complete(first, answer);
    expect(await b.begin('idem_1', 'print')).toEqual({ state: 'in progress' });
  });

  it('let one of two copies go on after a crash', async () => {
    await begun(await life('a'));
    const later = await life('a');
    const both = await Promise.all([later.begin('idem_1', 'print'), later.begin('idem_1', 'print')]);
    expect(both.map(({ state }) => state).sort()).toEqual(['begun', 'in progress']);
  });

  it('free the key of what was refused', async () => {
    const records = await life('a');
    const first = await begun(records);
    await records.release(first);
    clock.advance(2);
    expect((await begun(records)).command).not.toBe(first.command);
  });
});
