import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineTable } from '@legato/kernel';
import { reachableStates, toMermaid } from '@legato/kernel';
import { conferenceMachine } from './conference.machine';
import { mixerMachine } from './mixer.machine';
import { trackSetMachine } from './track-set.machine';

interface Figure {
  readonly table: MachineTable<string, string, string>;
  readonly begin: string;
  readonly final: readonly string[];
}

const figures: Readonly<Record<string, Figure>> = {
  conference: { table: conferenceMachine, begin: 'created', final: ['ended'] },
  mixer: { table: mixerMachine, begin: 'No control', final: ['Closed'] },
  'track-set': { table: trackSetMachine, begin: 'requested', final: ['completed', 'failed'] },
};

const folder = join(__dirname, '../../../../docs/figures');

describe.each(Object.entries(figures))('the machine %s', (name, { table, begin, final }) => {
  it('reaches each of its states', () => {
    expect([...reachableStates(table, begin)].sort()).toEqual(Object.keys(table).sort());
  });

  it('ends in its final states and nowhere else, and can get there from each', () => {
    for (const [state, arrows] of Object.entries(table)) {
      const isFinal = Object.keys(arrows).length === 0;
      expect({ state, isFinal }).toEqual({ state, isFinal: final.includes(state) });
      expect({ state, ends: final.some((each) => reachableStates(table, state).has(each)) }).toEqual({
        state,
        ends: true,
      });
    }
  });

  it('is drawn in docs/figures', () => {
    const figure = toMermaid(table, begin);
    const file = join(folder, `${name}.mmd`);
    if (process.env.LEGATO_WRITE_FIGURES) writeFileSync(file, figure);
    expect(readFileSync(file, 'utf8')).toBe(figure);
  });
});

describe('the mixer of a conference', () => {
  it('opens a control dialog before it asks anything, and audits before it creates', () => {
    expect(mixerMachine['No control']).toEqual({
      needed: { to: 'Opening control', do: ['open control'] },
      end: { to: 'Closed', do: ['release'] },
    });
    expect(mixerMachine['Opening control']['control accepted']).toEqual({
      to: 'Auditing',
      do: ['acknowledge', 'audit'],
    });
    expect(mixerMachine.Auditing['audited absent']?.to).toBe('Idle');
    expect(mixerMachine.Idle.wanted).toEqual({ to: 'Creating', do: ['create'] });
  });

  it.each(['Opening control', 'Auditing', 'Idle', 'Creating', 'Mixing'] as const)(
    'opens another control dialog when it loses the one it has in %s',
    (state) => {
      expect(mixerMachine[state]['control lost']).toEqual({ to: 'Waiting to retry', do: ['await retry'] });
    },
  );

  it.each(['Auditing', 'Idle', 'Creating', 'Mixing'] as const)(
    'audits when it is taken over in %s',
    (state) => {
      expect(mixerMachine[state]['taken over']).toEqual({ to: 'Auditing', do: ['audit'] });
    },
  );

  it('has nothing left of a conference that may be there when it ends', () => {
    for (const state of ['Auditing', 'Creating', 'Mixing'] as const)
      expect(mixerMachine[state].end).toEqual({ to: 'Destroying', do: ['destroy'] });
    expect(mixerMachine.Destroying.destroyed).toEqual({ to: 'Closing', do: ['close control'] });
  });
});
