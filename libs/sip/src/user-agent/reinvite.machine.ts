import type { MachineTable } from '@legato/kernel';

export type ReinvitePhase = 'Idle' | 'Waiting' | 'Sent' | 'Answered' | 'Backing off';

export type ReinviteTrigger =
  | 'wanted'
  | 'no INVITE under way'
  | '2xx'
  | '491'
  | 'challenge'
  | '481 or 408'
  | '3xx-6xx'
  | 'too long'
  | 'glare timer'
  | 'send ACK';

export type ReinviteAction =
  | 'send re-INVITE'
  | 'refresh target'
  | 'tell accepted'
  | 'tell refused'
  | 'lose dialog'
  | 'send ACK'
  | 'start glare timer'
  | 'start time limit'
  | 'stop time limit'
  | 'send CANCEL';

/**
 * A re-INVITE of ours (RFC 3261 §14.1): it waits while another INVITE of the dialog is under way in either direction, and is
 * tried again after glare. The time limit is ours, for a peer that sends a 1xx and then nothing.
 */
export const reinviteMachine: MachineTable<ReinvitePhase, ReinviteTrigger, ReinviteAction> = {
  Idle: {
    wanted: { to: 'Waiting', do: [] },
  },
  Waiting: {
    'no INVITE under way': { to: 'Sent', do: ['send re-INVITE', 'start time limit'] },
  },
  Sent: {
    '2xx': { to: 'Answered', do: ['stop time limit', 'refresh target', 'tell accepted'] },
    '491': { to: 'Backing off', do: ['stop time limit', 'start glare timer'] },
    challenge: { to: 'Sent', do: ['send re-INVITE', 'start time limit'] },
    '481 or 408': { to: 'Idle', do: ['stop time limit', 'tell refused', 'lose dialog'] },
    '3xx-6xx': { to: 'Idle', do: ['stop time limit', 'tell refused'] },
    'too long': { to: 'Sent', do: ['send CANCEL'] },
  },
  Answered: {
    'send ACK': { to: 'Idle', do: ['send ACK'] },
  },
  'Backing off': {
    'glare timer': { to: 'Waiting', do: [] },
  },
};
