import type { MachineTable } from '@legato/kernel';
import type { DialogTrigger } from '../call/dialog-trigger';

export type ConnectDirectState = 'Ringing caller' | 'Ringing callee' | 'Connected' | 'Failed';

export type ConnectDirectAction =
  | 'invite caller'
  | 'invite callee'
  | 'note caller alerting'
  | 'relay provisional'
  | 'answer caller'
  | 'acknowledge callee'
  | 'connect'
  | 'try next caller'
  | 'try next callee'
  | 'leave caller'
  | 'leave callee'
  | 'fail as caller'
  | 'fail as callee'
  | 'cancel';

const CANCELLED = { to: 'Failed', do: ['cancel'] } as const;

/**
 * Connects two parties that exchange media themselves. An inbound call begins at 'Ringing callee';
 * an originated one rings the caller first, without an offer (RFC 3725 §4.1).
 */
export const connectDirectMachine: MachineTable<
  ConnectDirectState,
  DialogTrigger | 'ring timeout' | 'no more targets',
  ConnectDirectAction
> = {
  'Ringing caller': {
    'caller provisional': { to: 'Ringing caller', do: ['note caller alerting'] },
    'caller accepted': { to: 'Ringing callee', do: ['invite callee'] },
    'caller refused': { to: 'Ringing caller', do: ['try next caller'] },
    'no more targets': { to: 'Failed', do: ['fail as caller'] },
    'ring timeout': { to: 'Ringing caller', do: ['leave caller'] },
  },
  'Ringing callee': {
    'callee provisional': { to: 'Ringing callee', do: ['relay provisional'] },
    'callee accepted': { to: 'Connected', do: ['answer caller', 'acknowledge callee', 'connect'] },
    'callee refused': { to: 'Ringing callee', do: ['try next callee'] },
    'no more targets': { to: 'Failed', do: ['fail as callee'] },
    'caller cancelled': CANCELLED,
    'ring timeout': { to: 'Ringing callee', do: ['leave callee'] },
  },
  Connected: {},
  Failed: {},
};
