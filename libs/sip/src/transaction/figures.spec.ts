import type { MachineTable } from '@legato/kernel';
import { reachableStates, toMermaid } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inviteClientMachine } from './invite-client.machine';
import { inviteServerMachine } from './invite-server.machine';
import { nonInviteClientMachine } from './non-invite-client.machine';
import { nonInviteServerMachine } from './non-invite-server.machine';

type AnyMachine = MachineTable<string, string, string>;

const machines: [name: string, table: AnyMachine, start: string][] = [
  ['invite-client', inviteClientMachine, 'Calling'],
  ['invite-server', inviteServerMachine, 'Proceeding'],
  ['non-invite-client', nonInviteClientMachine, 'Trying'],
  ['non-invite-server', nonInviteServerMachine, 'Trying'],
];

describe.each(machines)('the %s machine', (name, table, start) => {
  it('reaches every one of its states', () => {
    expect([...reachableStates(table, start)].sort()).toEqual(Object.keys(table).sort());
  });

  it('ends in Terminated, which has no way out', () => {
    expect(table['Terminated']).toEqual({});
  });

  it('is the figure in docs/figures', () => {
    const figure = readFileSync(join(__dirname, `../../../../docs/figures/${name}.mmd`), 'utf8');
    expect(figure).toBe(toMermaid(table, start));
  });
});
