import type { MachineTable } from '@legato/kernel';

export type InviteClientState = 'Calling' | 'Proceeding' | 'Completed' | 'Accepted' | 'Terminated';

export type InviteClientEvent =
  | '1xx'
  | '2xx'
  | '300-699'
  | 'Timer A'
  | 'Timer B'
  | 'Timer D'
  | 'Timer M'
  | 'Transport Err.'
  | 'CANCEL from TU'
  | '64*T1 after CANCEL';

export type InviteClientAction =
  | 'reset Timer A'
  | 'send INVITE'
  | 'send ACK'
  | 'hold CANCEL'
  | 'send CANCEL'
  | 'send held CANCEL'
  | 'response to TU'
  | 'timeout to TU'
  | 'transport error to TU'
  | 'stop timers'
  | 'start Timer D'
  | 'start Timer M';

/**
 * RFC 6026 §8.4 Figure 5 (replaces the one of RFC 3261 §17.1.1.2), one row per arrow. The rows with CANCEL are RFC 3261 §9.1:
 * it waits for a provisional response, is not sent after a final one, and a cancelled INVITE does not wait for ever.
 * Deviates from Figure 5: a transport error in Completed does not reach the TU, because the TU has had its final response.
 */
export const inviteClientMachine: MachineTable<InviteClientState, InviteClientEvent, InviteClientAction> = {
  Calling: {
    'Timer A': { to: 'Calling', do: ['reset Timer A', 'send INVITE'] },
    'Timer B': { to: 'Terminated', do: ['timeout to TU'] },
    'Transport Err.': { to: 'Terminated', do: ['transport error to TU'] },
    'CANCEL from TU': { to: 'Calling', do: ['hold CANCEL'] },
    '1xx': { to: 'Proceeding', do: ['stop timers', 'send held CANCEL', 'response to TU'] },
    '2xx': { to: 'Accepted', do: ['stop timers', 'start Timer M', 'response to TU'] },
    '300-699': { to: 'Completed', do: ['stop timers', 'send ACK', 'response to TU', 'start Timer D'] },
  },
  Proceeding: {
    '1xx': { to: 'Proceeding', do: ['response to TU'] },
    '2xx': { to: 'Accepted', do: ['stop timers', 'start Timer M', 'response to TU'] },
    '300-699': { to: 'Completed', do: ['stop timers', 'send ACK', 'response to TU', 'start Timer D'] },
    'CANCEL from TU': { to: 'Proceeding', do: ['send CANCEL'] },
    '64*T1 after CANCEL': { to: 'Terminated', do: ['timeout to TU'] },
  },
  Completed: {
    '300-699': { to: 'Completed', do: ['send ACK'] },
    'Transport Err.': { to: 'Terminated', do: [] },
    'Timer D': { to: 'Terminated', do: [] },
  },
  Accepted: {
    '2xx': { to: 'Accepted', do: ['response to TU'] },
    'Timer M': { to: 'Terminated', do: [] },
  },
  Terminated: {},
};
