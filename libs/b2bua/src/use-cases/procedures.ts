import type { MachineTable } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import type { Call } from '../call/call';
import type { ProcedureSnapshot } from '../call/call-snapshot';
import type { DialogTrigger } from '../call/dialog-trigger';
import { bridgeActions } from './bridge';
import { bridgeMachine } from './bridge.machine';
import { connectAnchoredActions } from './connect-anchored';
import { connectAnchoredMachine } from './connect-anchored.machine';
import { connectDirectActions } from './connect-direct';
import { connectDirectMachine } from './connect-direct.machine';
import { connectMediaActions } from './connect-media';
import { connectMediaMachine } from './connect-media.machine';
import { holdDirectActions } from './hold';
import { holdDirectMachine } from './hold-direct.machine';
import { moveToMediaActions } from './move-to-media';
import { moveToMediaMachine } from './move-to-media.machine';
import { reconnectDirectActions } from './reconnect-direct';
import { reconnectDirectMachine } from './reconnect-direct.machine';

/** All that can happen to a use case under way. */
export type ProcedureTrigger =
  | DialogTrigger
  | 'ring timeout'
  | 'no more targets'
  | 'no media server'
  | 'answer'
  | 'joined'
  | 'join refused'
  | 'not moved'
  | 'interrupted';

interface Procedure {
  readonly table: MachineTable<string, ProcedureTrigger, string>;
  readonly actions: Readonly<Record<string, (call: Call) => void>>;
  /** States that end it. */
  readonly finals: readonly string[];
}

const procedures: Readonly<Record<ProcedureSnapshot['name'], Procedure>> = {
  'connect-direct': {
    table: connectDirectMachine,
    actions: connectDirectActions,
    finals: ['Connected', 'Failed'],
  },
  'connect-anchored': {
    table: connectAnchoredMachine,
    actions: connectAnchoredActions,
    finals: ['Connected', 'Failed'],
  },
  'connect-media': {
    table: connectMediaMachine,
    actions: connectMediaActions,
    finals: ['Connected', 'Failed'],
  },
  bridge: { table: bridgeMachine, actions: bridgeActions, finals: ['Bridged', 'Failed'] },
  'hold-direct': { table: holdDirectMachine, actions: holdDirectActions, finals: ['Held', 'Failed'] },
  'reconnect-direct': {
    table: reconnectDirectMachine,
    actions: reconnectDirectActions,
    finals: ['Reconnected', 'Failed'],
  },
  'move-to-media': { table: moveToMediaMachine, actions: moveToMediaActions, finals: ['Moved', 'Failed'] },
};

/**
 * Takes the arrow of `trigger`, if the use case under way has one. It is over before its last actions run,
 * so that they may begin another.
 */
export function advance(call: Call, trigger: ProcedureTrigger): void {
  const current = call.snapshot.procedure;
  if (!current) return;
  const procedure = procedures[current.name];
  const arrow = arrowFor(procedure.table, current.state, trigger);
  if (!arrow) return;
  current.state = arrow.to;
  if (procedure.finals.includes(arrow.to)) call.snapshot.procedure = null;
  for (const action of arrow.do) procedure.actions[action]?.(call);
}
