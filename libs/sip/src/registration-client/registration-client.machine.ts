import type { MachineTable } from '@legato/kernel';

/** `Refreshing` and `Retrying` still have a binding from before, `Registering` and `Waiting` have none. */
export type RegistrationClientState =
  | 'Idle'
  | 'Registering'
  | 'Registered'
  | 'Refreshing'
  | 'Retrying'
  | 'Waiting'
  | 'Stopping'
  | 'Unregistering'
  | 'Stopped';

/** `challenged`: 401 or 407 that we have an answer for; `refused`: any other refusal, a timeout, a transport error. */
export type RegistrationClientEvent =
  'start' | 'stop' | '2xx' | 'challenged' | '423' | 'refused' | 'refresh due' | 'retry due' | 'expired';

export type RegistrationClientAction =
  | 'send REGISTER'
  | 'send credentials'
  | 'send removal'
  | 'lengthen interval'
  | 'note binding'
  | 'back off'
  | 'stop timers'
  | 'tell registered'
  | 'tell failed'
  | 'tell lost'
  | 'tell stopped';

const REGISTERED = { to: 'Registered', do: ['note binding', 'tell registered'] } as const;
const REMOVE = { to: 'Unregistering', do: ['stop timers', 'send removal'] } as const;
const STOPPED = { to: 'Stopped', do: ['stop timers', 'tell stopped'] } as const;
const STOPPING = { to: 'Stopping', do: ['stop timers'] } as const;

/**
 * One binding of ours at a registrar (RFC 3261 §10.2): made, refreshed before it expires, made again after failures, removed at
 * the end. There is never a second REGISTER before the first has its final response (§10.2): `Stopping` waits for it.
 */
export const registrationClientMachine: MachineTable<
  RegistrationClientState,
  RegistrationClientEvent,
  RegistrationClientAction
> = {
  Idle: {
    start: { to: 'Registering', do: ['send REGISTER'] },
    stop: STOPPED,
  },
  Registering: {
    '2xx': REGISTERED,
    challenged: { to: 'Registering', do: ['send credentials'] },
    '423': { to: 'Registering', do: ['lengthen interval', 'send REGISTER'] },
    refused: { to: 'Waiting', do: ['back off', 'tell failed'] },
    stop: STOPPING,
  },
  Registered: {
    'refresh due': { to: 'Refreshing', do: ['send REGISTER'] },
    expired: { to: 'Registering', do: ['tell lost', 'send REGISTER'] },
    stop: REMOVE,
  },
  Refreshing: {
    '2xx': REGISTERED,
    challenged: { to: 'Refreshing', do: ['send credentials'] },
    '423': { to: 'Refreshing', do: ['lengthen interval', 'send REGISTER'] },
    refused: { to: 'Retrying', do: ['back off', 'tell failed'] },
    expired: { to: 'Registering', do: ['tell lost'] },
    stop: STOPPING,
  },
  Retrying: {
    'retry due': { to: 'Refreshing', do: ['send REGISTER'] },
    expired: { to: 'Waiting', do: ['tell lost'] },
    stop: REMOVE,
  },
  Waiting: {
    'retry due': { to: 'Registering', do: ['send REGISTER'] },
    stop: STOPPED,
  },
  Stopping: {
    '2xx': { to: 'Unregistering', do: ['send removal'] },
    challenged: { to: 'Unregistering', do: ['send removal'] },
    '423': STOPPED,
    refused: { to: 'Unregistering', do: ['send removal'] },
  },
  Unregistering: {
    '2xx': STOPPED,
    challenged: { to: 'Unregistering', do: ['send credentials'] },
    '423': STOPPED,
    refused: STOPPED,
  },
  Stopped: {},
};
