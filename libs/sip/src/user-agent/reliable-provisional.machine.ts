import type { MachineTable } from '@legato/kernel';

export type ReliableProvisionalState = 'All acknowledged' | 'Unacknowledged' | 'Closed';

export type ReliableProvisionalEvent =
  '1xx from TU' | '2xx from TU' | 'PRACK' | 'retransmission timer' | '64*T1' | 'final response';

export type ReliableProvisionalAction =
  | 'send reliable 1xx'
  | 'send reliable 1xx again'
  | 'keep 1xx for later'
  | 'hold 2xx'
  | 'send 2xx'
  | 'stop retransmission'
  | 'answer PRACK'
  | 'send what was kept'
  | 'reject INVITE';

/**
 * Reliable provisional responses at the UAS (RFC 3262 §3): one at a time, each sent again with doubling interval until its PRACK
 * comes. A 2xx waits for the PRACK, because a session description may be under way (§3, §5).
 */
export const reliableProvisionalMachine: MachineTable<
  ReliableProvisionalState,
  ReliableProvisionalEvent,
  ReliableProvisionalAction
> = {
  'All acknowledged': {
    '1xx from TU': { to: 'Unacknowledged', do: ['send reliable 1xx'] },
    '2xx from TU': { to: 'Closed', do: ['send 2xx'] },
    'final response': { to: 'Closed', do: [] },
  },
  Unacknowledged: {
    '1xx from TU': { to: 'Unacknowledged', do: ['keep 1xx for later'] },
    '2xx from TU': { to: 'Unacknowledged', do: ['hold 2xx'] },
    PRACK: { to: 'All acknowledged', do: ['stop retransmission', 'answer PRACK', 'send what was kept'] },
    'retransmission timer': { to: 'Unacknowledged', do: ['send reliable 1xx again'] },
    '64*T1': { to: 'Closed', do: ['reject INVITE'] },
    'final response': { to: 'Closed', do: ['stop retransmission'] },
  },
  Closed: {},
};
