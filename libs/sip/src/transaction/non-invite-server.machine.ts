import type { MachineTable } from '@legato/kernel';

export type NonInviteServerState = 'Trying' | 'Proceeding' | 'Completed' | 'Terminated';

export type NonInviteServerEvent =
  | 'request'
  | '1xx from TU'
  | '200-699 from TU'
  | 'Timer E at T2'
  | 'Timer F at the client'
  | 'Timer J'
  | 'Transport Err.';

export type NonInviteServerAction =
  | 'send 100'
  | 'send response'
  | 'resend response'
  | 'stop wait for Timer E'
  | 'stop waits'
  | 'start Timer J'
  | 'transport error to TU';

/**
 * RFC 3261 §17.2.2 Figure 8, one row per arrow, and two more events of RFC 4320 §4: a 100 once the client's Timer E has reached T2, and
 * the end of a transaction that the TU never answers when the client's Timer F has fired, for a response would come too late.
 * A transport error leaves the state as it is: RFC 6026 §8.8 says so of every server transaction, against Figure 8.
 */
export const nonInviteServerMachine: MachineTable<
  NonInviteServerState,
  NonInviteServerEvent,
  NonInviteServerAction
> = {
  Trying: {
    request: { to: 'Trying', do: [] },
    '1xx from TU': { to: 'Proceeding', do: ['stop wait for Timer E', 'send response'] },
    '200-699 from TU': { to: 'Completed', do: ['stop waits', 'send response', 'start Timer J'] },
    'Timer E at T2': { to: 'Proceeding', do: ['send 100'] },
  },
  Proceeding: {
    request: { to: 'Proceeding', do: ['resend response'] },
    '1xx from TU': { to: 'Proceeding', do: ['send response'] },
    'Transport Err.': { to: 'Proceeding', do: ['transport error to TU'] },
    '200-699 from TU': { to: 'Completed', do: ['stop waits', 'send response', 'start Timer J'] },
    'Timer F at the client': { to: 'Terminated', do: [] },
  },
  Completed: {
    request: { to: 'Completed', do: ['resend response'] },
    'Transport Err.': { to: 'Completed', do: ['transport error to TU'] },
    'Timer J': { to: 'Terminated', do: [] },
  },
  Terminated: {},
};
