import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineTable } from '@legato/kernel';
import { reachableStates, toMermaid } from '@legato/kernel';
import { callMachine } from '../call/call.machine';
import { connectAnchoredMachine } from './connect-anchored.machine';
import { connectDirectMachine } from './connect-direct.machine';
import { moveToMediaMachine } from './move-to-media.machine';
import { recordingMachine } from './recording.machine';

interface Figure {
  readonly table: MachineTable<string, string, string>;
  /** Where it can begin; the first is drawn. */
  readonly begins: readonly string[];
  readonly finals: readonly string[];
}

const figures: Readonly<Record<string, Figure>> = {
  call: { table: callMachine, begins: ['queued'], finals: ['ended'] },
  'connect-direct': {
    table: connectDirectMachine,
    begins: ['Ringing callee', 'Ringing caller'],
    finals: ['Connected', 'Failed'],
  },
  'connect-anchored': {
    table: connectAnchoredMachine,
    begins: ['Answering caller', 'Offering caller', 'Getting caller offer'],
    finals: ['Connected', 'Failed'],
  },
  'move-to-media': {
    table: moveToMediaMachine,
    begins: ['Getting caller offer'],
    finals: ['Moved', 'Failed'],
  },
  recording: { table: recordingMachine, begins: ['requested'], finals: ['completed', 'failed', 'absent'] },
};

const folder = join(__dirname, '../../../../docs/figures');

describe.each(Object.entries(figures))('the machine %s', (name, { table, begins, finals }) => {
  it('reaches each of its states', () => {
    const reached = new Set(begins.flatMap((begin) => [...reachableStates(table, begin)]));
    expect([...reached].sort()).toEqual(Object.keys(table).sort());
  });

  it('ends in its final states and nowhere else', () => {
    const without = Object.entries(table).filter(([, arrows]) => Object.keys(arrows).length === 0);
    expect(without.map(([state]) => state).sort()).toEqual([...finals].sort());
  });

  it('can get from each state to an end', () => {
    for (const state of Object.keys(table)) {
      const reached = reachableStates(table, state);
      expect({ state, ends: finals.some((final) => reached.has(final)) }).toEqual({ state, ends: true });
    }
  });

  it('is drawn in docs/figures', () => {
    const figure = toMermaid(table, begins[0] ?? '');
    const file = join(folder, `${name}.mmd`);
    if (process.env.LEGATO_WRITE_FIGURES) writeFileSync(file, figure);
    expect(readFileSync(file, 'utf8')).toBe(figure);
  });
});
