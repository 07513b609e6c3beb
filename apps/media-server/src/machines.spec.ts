import type { MachineTable } from '@legato/kernel';
import { reachableStates, toMermaid } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_VARIABLES } from './config/config';
import { dialogMachine } from './dialogs/dialog.machine';
import { collectMachine } from './dialogs/primitives/collect.machine';
import { mediaProcessMachine } from './media-process/media-process.machine';
import { eventQueueMachine } from './signalling/event-queue.machine';

type AnyMachine = MachineTable<string, string, string>;

const machines: [name: string, table: AnyMachine, start: string, end: string][] = [
  ['dialog', dialogMachine, 'Running', 'Exited'],
  ['collect', collectMachine, 'Prompting', 'Ended'],
  ['event queue', eventQueueMachine, 'Idle', 'Closed'],
  ['media process', mediaProcessMachine, 'Idle', 'Stopped'],
];
const page = readFileSync(join(__dirname, '../../../docs/media-server.md'), 'utf8');

describe.each(machines)('the machine of the %s', (_name, table, start, end) => {
  it('reaches each of its states', () => {
    expect([...reachableStates(table, start)].sort()).toEqual(Object.keys(table).sort());
  });

  it('can get from each state to its end, and ends there only', () => {
    for (const state of Object.keys(table)) expect(reachableStates(table, state)).toContain(end);
    expect(Object.keys(table).filter((state) => Object.keys(table[state] ?? {}).length === 0)).toEqual([end]);
  });

  it('is drawn in docs/media-server.md', () => {
    expect(page).toContain(`\`\`\`mermaid\n${toMermaid(table, start)}\`\`\``);
  });
});

describe('docs/media-server.md', () => {
  it.each(CONFIG_VARIABLES)('knows %s', (variable) => {
    expect(page).toContain(`| \`${variable}\``);
  });
});
