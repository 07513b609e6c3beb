import { reachableStates, toMermaid } from '@legato/kernel';
import type { MachineTable } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calleeMachine } from './callee.machine';
import { callerMachine } from './caller.machine';
import { offerAnswerMachine } from './offer-answer.machine';
import { reinviteMachine } from './reinvite.machine';
import { reliableProvisionalMachine } from './reliable-provisional.machine';
import { sessionTimerMachine } from './session-timer.machine';

type AnyTable = MachineTable<string, string, string>;

/** Rows as text: `Early -- BYE --> Morgue`. */
const rows = (table: AnyTable): string[] =>
  Object.entries(table).flatMap(([state, arrows]) =>
    Object.entries(arrows).map(([event, arrow]) => `${state} -- ${event} --> ${arrow?.to}`),
  );

describe('the machine of the caller (RFC 5407 §2 Figure 1)', () => {
  it('has the arrows of the figure', () => {
    expect(rows(callerMachine as AnyTable)).toEqual(
      expect.arrayContaining([
        'Preparative -- 3xx-6xx --> Morgue',
        'Preparative -- 1xx-tag --> Early',
        'Preparative -- 2xx --> Moratorium',
        'Early -- 3xx-6xx --> Morgue',
        'Early -- 2xx --> Moratorium',
        'Moratorium -- send ACK --> Established',
        'Moratorium -- send BYE --> Mortal',
        'Moratorium -- BYE --> Morgue',
        'Established -- send BYE --> Mortal',
        'Established -- BYE --> Morgue',
        'Mortal -- BYE answered --> Morgue',
        'Mortal -- BYE --> Morgue',
      ]),
    );
  });

  it('reaches every state', () => {
    expect([...reachableStates(callerMachine, 'Idle')].sort()).toEqual(Object.keys(callerMachine).sort());
  });
});

describe('the machine of the callee (RFC 5407 §2 Figure 2)', () => {
  it('has the arrows of the figure', () => {
    expect(rows(calleeMachine as AnyTable)).toEqual(
      expect.arrayContaining([
        'Preparative -- send 3xx-6xx --> Morgue',
        'Preparative -- send 1xx --> Early',
        'Preparative -- send 2xx --> Moratorium',
        'Early -- send 3xx-6xx --> Morgue',
        'Early -- BYE --> Morgue',
        'Early -- send 2xx --> Moratorium',
        'Moratorium -- ACK --> Established',
        'Moratorium -- BYE --> Morgue',
        'Established -- send BYE --> Mortal',
        'Established -- BYE --> Morgue',
        'Mortal -- BYE answered --> Morgue',
        'Mortal -- BYE --> Morgue',
      ]),
    );
  });

  it('never sends BYE before the ACK or its timeout (RFC 3261 §15)', () => {
    for (const [state, arrows] of Object.entries(calleeMachine)) {
      const sending = Object.entries(arrows).filter(([, arrow]) =>
        arrow?.do.some((action) => action === 'send BYE'),
      );
      for (const [event] of sending)
        expect([
          'Leaving ACK',
          'Leaving no ACK',
          'Established send BYE',
          'Established dialog lost',
        ]).toContain(`${state} ${event}`);
    }
  });

  it('reaches every state', () => {
    expect([...reachableStates(calleeMachine, 'Preparative')].sort()).toEqual(
      Object.keys(calleeMachine).sort(),
    );
  });
});

describe.each([
  ['caller', callerMachine as AnyTable],
  ['callee', calleeMachine as AnyTable],
])('every way out of the %s', (_role, table) => {
  it('into the Morgue buries, so that no timer and no dialog stays', () => {
    for (const [state, arrows] of Object.entries(table)) {
      if (state === 'Morgue') continue;
      for (const arrow of Object.values(arrows)) {
        if (arrow?.to === 'Morgue') expect(arrow.do).toContain('bury');
      }
    }
  });
});

describe('the machine of a re-INVITE (RFC 3261 §14.1)', () => {
  it('reaches every state and comes back to Idle from each', () => {
    expect([...reachableStates(reinviteMachine, 'Idle')].sort()).toEqual(Object.keys(reinviteMachine).sort());
    for (const state of Object.keys(reinviteMachine) as (keyof typeof reinviteMachine)[]) {
      expect(reachableStates(reinviteMachine, state)).toContain('Idle');
    }
  });
});

describe.each<[name: string, table: AnyTable, start: string]>([
  ['invite-usage-caller', callerMachine, 'Idle'],
  ['invite-usage-callee', calleeMachine, 'Preparative'],
  ['reinvite', reinviteMachine, 'Idle'],
  ['offer-answer', offerAnswerMachine, 'Stable'],
  ['reliable-provisional', reliableProvisionalMachine, 'All acknowledged'],
  ['session-timer', sessionTimerMachine, 'Off'],
])('the %s machine', (name, table, start) => {
  it('reaches every one of its states', () => {
    expect([...reachableStates(table, start)].sort()).toEqual(Object.keys(table).sort());
  });

  it('is the figure in docs/figures', () => {
    const figure = readFileSync(join(__dirname, `../../../../docs/figures/${name}.mmd`), 'utf8');
    expect(figure).toBe(toMermaid(table, start));
  });
});
