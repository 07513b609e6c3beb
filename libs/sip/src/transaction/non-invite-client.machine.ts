import type { MachineTable } from '@legato/kernel';

export type NonInviteClientState = 'Trying' | 'Proceeding' | 'Completed' | 'Terminated';

export type NonInviteClientEvent = '1xx' | '200-699' | 'Timer E' | 'Timer F' | 'Timer K' | 'Transport Err.';

export type NonInviteClientAction =
  | 'send request'
  | 'reset Timer E'
  | 'reset Timer E to T2'
  | 'response to TU'
  | 'timeout to TU'
  | 'transport error to TU'
  | 'stop Timers E, F'
  | 'start Timer K';

/** RFC 3261 §17.1.2.2 Figure 6, one row per arrow. */
export const nonInviteClientMachine: MachineTable<
  NonInviteClientState,
  NonInviteClientEvent,
  NonInviteClientAction
> = {
  Trying: {
    'Timer E': { to: 'Trying', do: ['reset Timer E', 'send request'] },
    'Timer F': { to: 'Terminated', do: ['timeout to TU'] },
    'Transport Err.': { to: 'Terminated', do: ['transport error to TU'] },
    '200-699': { to: 'Completed', do: ['stop Timers E, F', 'response to TU', 'start Timer K'] },
    '1xx': { to: 'Proceeding', do: ['response to TU'] },
  },
  Proceeding: {
    'Timer E': { to: 'Proceeding', do: ['reset Timer E to T2', 'send request'] },
    'Timer F': { to: 'Terminated', do: ['timeout to TU'] },
    'Transport Err.': { to: 'Terminated', do: ['transport error to TU'] },
    '200-699': { to: 'Completed', do: ['stop Timers E, F', 'response to TU', 'start Timer K'] },
    '1xx': { to: 'Proceeding', do: ['response to TU'] },
  },
  Completed: {
    'Timer K': { to: 'Terminated', do: [] },
  },
  Terminated: {},
};
