import { FakeClock, ownershipCommands, runOwnership } from '@legato/testing';
import * as fc from 'fast-check';
import { MemoryCallStore } from './memory-call-store';
import { MemoryCallTable } from './memory-call-table';
import { MemoryEventLog } from './memory-event-log';

function place() {
  const clock = new FakeClock();
  const table = new MemoryCallTable({ clock });
  const events = new MemoryEventLog({ clock });
  return {
    open: () => Promise.resolve(new MemoryCallStore({ clock, events, table })),
    fence: (nodeId: string) => Promise.resolve(table.fence(nodeId)),
    flush: () => Promise.resolve(table.clear()),
  };
}

describe('the rules of ownership', () => {
  it('keep one owner per call and lose nothing of it, whatever happens in whatever order (I1, I10, I12)', async () => {
    await fc.assert(
      fc.asyncProperty(ownershipCommands(80), (history) => runOwnership([place()], history)),
      { numRuns: 500 },
    );
  });
});
