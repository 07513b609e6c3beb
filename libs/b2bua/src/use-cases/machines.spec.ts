import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineTable } from '@legato/kernel';
import { reachableStates, toMermaid } from '@legato/kernel';
import { callMachine } from '../call/call.machine';
import { controlChannelMachine } from '../media-control/control-channel.machine';
import { bridgeMachine } from './bridge.machine';
import { collectMachine } from './collect.machine';
import { connectAnchoredMachine } from './connect-anchored.machine';
import { connectDirectMachine } from './connect-direct.machine';
import { connectMediaMachine } from './connect-media.machine';
import { holdDirectMachine } from './hold-direct.machine';
import { holdMachine } from './hold.machine';
import { moveToMediaMachine } from './move-to-media.machine';
import { playMachine } from './play.machine';
import { reconnectDirectMachine } from './reconnect-direct.machine';
import { recordingMachine } from './recording.machine';
import { ringTogetherMachine } from './ring-together.machine';

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
  'connect-media': {
    table: connectMediaMachine,
    begins: ['Ringing application', 'Running flow', 'Opening caller media', 'Getting caller offer'],
    finals: ['Connected', 'Failed'],
  },
  bridge: { table: bridgeMachine, begins: ['Getting callee offer'], finals: ['Bridged', 'Failed'] },
  hold: { table: holdMachine, begins: ['active'], finals: [] },
  'hold-direct': { table: holdDirectMachine, begins: ['Holding caller'], finals: ['Held', 'Failed'] },
  'reconnect-direct': {
    table: reconnectDirectMachine,
    begins: ['Getting caller offer'],
    finals: ['Reconnected', 'Failed'],
  },
  'move-to-media': {
    table: moveToMediaMachine,
    begins: ['Getting caller offer'],
    finals: ['Moved', 'Failed'],
  },
  collect: {
    table: collectMachine,
    begins: ['queued'],
    finals: ['matched', 'no_input', 'no_match', 'terminated', 'failed'],
  },
  play: {
    table: playMachine,
    begins: ['queued'],
    finals: ['completed', 'barged', 'stopped', 'failed'],
  },
  'control-channel': { table: controlChannelMachine, begins: ['Closed'], finals: [] },
  'ring-together': { table: ringTogetherMachine, begins: ['Several ring'], finals: ['One is left'] },
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
      // One without an end goes round: each of its states leads back to the first.
      const ends = finals.length > 0 ? finals : begins;
      expect({ state, ends: ends.some((end) => reached.has(end)) }).toEqual({ state, ends: true });
    }
  });

  it('is drawn in docs/figures', () => {
    const figure = toMermaid(table, begins[0] ?? '');
    const file = join(folder, `${name}.mmd`);
    if (process.env.LEGATO_WRITE_FIGURES) writeFileSync(file, figure);
    expect(readFileSync(file, 'utf8')).toBe(figure);
  });
});
