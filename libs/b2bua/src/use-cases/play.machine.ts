import type { MachineTable } from '@legato/kernel';

/** `starting` is shown as queued, `stopping` as playing. */
export type PlayState =
  'queued' | 'starting' | 'playing' | 'stopping' | 'completed' | 'barged' | 'stopped' | 'failed';

export type PlayTrigger =
  | 'its turn'
  | 'media failed'
  | 'started'
  | 'start refused'
  | 'stop'
  | 'stop refused'
  | 'all played'
  | 'barged'
  | 'ended'
  | 'broke off'
  | 'call ends'
  | 'taken over'
  | 'lost';

export type PlayAction =
  | 'send dialogstart'
  | 'send dialogend'
  | 'log play.started'
  | 'log play.completed'
  | 'log play.barged'
  | 'log play.stopped'
  | 'log play.failed';

const COMPLETED = { to: 'completed', do: ['log play.completed'] } as const;
const BARGED = { to: 'barged', do: ['log play.barged'] } as const;
const STOPPED = { to: 'stopped', do: ['log play.stopped'] } as const;
const FAILED = { to: 'failed', do: ['log play.failed'] } as const;

/** The life of a play: an MSML play dialog (RFC 5707 §9.7.1) for each party that hears it. */
export const playMachine: MachineTable<PlayState, PlayTrigger, PlayAction> = {
  queued: {
    'its turn': { to: 'starting', do: ['send dialogstart'] },
    'media failed': FAILED,
    stop: STOPPED,
    'call ends': STOPPED,
    lost: FAILED,
  },
  starting: {
    started: { to: 'playing', do: ['log play.started'] },
    // One of two dialogs may have begun: requests are not rolled back (RFC 5707 §5).
    'start refused': { to: 'failed', do: ['send dialogend', 'log play.failed'] },
    'taken over': { to: 'starting', do: ['send dialogstart'] },
    stop: { to: 'stopping', do: ['send dialogend'] },
    // Its answer was lost with a process, or is late.
    'all played': { to: 'completed', do: ['log play.started', 'log play.completed'] },
    barged: { to: 'barged', do: ['log play.started', 'log play.barged'] },
    ended: STOPPED,
    'broke off': FAILED,
    'call ends': STOPPED,
    lost: FAILED,
  },
  playing: {
    // One party hears it, the other can not, or nobody knows yet.
    'start refused': { to: 'failed', do: ['send dialogend', 'log play.failed'] },
    'taken over': { to: 'playing', do: ['send dialogstart'] },
    stop: { to: 'stopping', do: ['send dialogend'] },
    'all played': COMPLETED,
    barged: BARGED,
    ended: STOPPED,
    'broke off': FAILED,
    'call ends': STOPPED,
    lost: FAILED,
  },
  stopping: {
    'taken over': { to: 'stopping', do: ['send dialogend'] },
    'start refused': FAILED,
    'stop refused': FAILED,
    'all played': COMPLETED,
    barged: STOPPED,
    ended: STOPPED,
    'broke off': FAILED,
    'call ends': STOPPED,
    lost: STOPPED,
  },
  completed: {},
  barged: {},
  stopped: {},
  failed: {},
};
