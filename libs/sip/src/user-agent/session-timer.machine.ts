import type { MachineTable } from '@legato/kernel';

export type SessionTimerState = 'Off' | 'Refresher' | 'Refreshing' | 'Watcher';

export type SessionTimerEvent =
  'we refresh' | 'peer refreshes' | 'no interval' | 'half time' | 'refresh refused' | 'expiry';

export type SessionTimerAction =
  | 'start refresh timer'
  | 'start retry timer'
  | 'stop refresh timer'
  | 'start expiry timer'
  | 'stop expiry timer'
  | 'send refresh'
  | 'lose dialog';

const WE = { to: 'Refresher', do: ['start refresh timer', 'start expiry timer'] } as const;
const PEER = { to: 'Watcher', do: ['stop refresh timer', 'start expiry timer'] } as const;
const NONE = { to: 'Off', do: ['stop refresh timer', 'stop expiry timer'] } as const;
const EXPIRED = { to: 'Off', do: ['stop refresh timer', 'lose dialog'] } as const;

/**
 * The timer of a session (RFC 4028 §7.2, §9, §10). `we refresh`, `peer refreshes` and `no interval` are what a 2xx to INVITE or
 * UPDATE says, whoever sent it: each begins the interval anew. A refresh goes out at half of it; who sees it end hangs up.
 */
export const sessionTimerMachine: MachineTable<SessionTimerState, SessionTimerEvent, SessionTimerAction> = {
  Off: { 'we refresh': WE, 'peer refreshes': PEER },
  Refresher: {
    'we refresh': WE,
    'peer refreshes': PEER,
    'no interval': NONE,
    'half time': { to: 'Refreshing', do: ['send refresh'] },
    expiry: EXPIRED,
  },
  Refreshing: {
    'we refresh': WE,
    'peer refreshes': PEER,
    'no interval': NONE,
    'refresh refused': { to: 'Refresher', do: ['start retry timer'] },
    expiry: EXPIRED,
  },
  Watcher: {
    'we refresh': WE,
    'peer refreshes': PEER,
    'no interval': NONE,
    expiry: EXPIRED,
  },
};
