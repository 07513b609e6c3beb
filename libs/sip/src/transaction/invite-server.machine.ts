import type { MachineTable } from '@legato/kernel';

export type InviteServerState = 'Proceeding' | 'Completed' | 'Confirmed' | 'Accepted' | 'Terminated';

export type InviteServerEvent =
  | 'INVITE'
  | 'ACK'
  | '200 ms'
  | '101-199 from TU'
  | '2xx from TU'
  | '300-699 from TU'
  | 'Timer G'
  | 'Timer H'
  | 'Timer I'
  | 'Timer L'
  | 'Transport Err.';

export type InviteServerAction =
  | 'send 100'
  | 'send response'
  | 'resend response'
  | 'start Timers G, H'
  | 'reset Timer G'
  | 'stop Timers G, H'
  | 'start Timer I'
  | 'start Timer L'
  | 'ACK to TU'
  | 'no ACK to TU'
  | 'transport error to TU';

/**
 * RFC 6026 §8.6 Figure 7 (replaces the one of RFC 3261 §17.2.1), one row per arrow. `200 ms` is the label on the figure's entry; a
 * 100 from the TU takes the arrow of 101-199. After Timer H the TU is told, as the text of §17.2.1 asks and the figure forgets.
 */
export const inviteServerMachine: MachineTable<InviteServerState, InviteServerEvent, InviteServerAction> = {
  Proceeding: {
    INVITE: { to: 'Proceeding', do: ['resend response'] },
    '200 ms': { to: 'Proceeding', do: ['send 100'] },
    '101-199 from TU': { to: 'Proceeding', do: ['send response'] },
    'Transport Err.': { to: 'Proceeding', do: ['transport error to TU'] },
    '300-699 from TU': { to: 'Completed', do: ['send response', 'start Timers G, H'] },
    '2xx from TU': { to: 'Accepted', do: ['send response', 'start Timer L'] },
  },
  Completed: {
    INVITE: { to: 'Completed', do: ['resend response'] },
    'Timer G': { to: 'Completed', do: ['reset Timer G', 'resend response'] },
    'Transport Err.': { to: 'Completed', do: ['transport error to TU'] },
    ACK: { to: 'Confirmed', do: ['stop Timers G, H', 'start Timer I'] },
    'Timer H': { to: 'Terminated', do: ['no ACK to TU'] },
  },
  Confirmed: {
    'Timer I': { to: 'Terminated', do: [] },
  },
  Accepted: {
    INVITE: { to: 'Accepted', do: [] },
    ACK: { to: 'Accepted', do: ['ACK to TU'] },
    '2xx from TU': { to: 'Accepted', do: ['send response'] },
    'Transport Err.': { to: 'Accepted', do: ['transport error to TU'] },
    'Timer L': { to: 'Terminated', do: [] },
  },
  Terminated: {},
};
