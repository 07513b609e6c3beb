import type { MachineTable } from '@legato/kernel';
import type { UsageAction } from './usage-actions';

export type CalleePhase =
  'Preparative' | 'Early' | 'Moratorium' | 'Leaving' | 'Established' | 'Mortal' | 'Morgue' | 'Ended';

/** `send ...` is a command of the transaction user, everything else comes from below. */
export type CalleeTrigger =
  | 'send 1xx'
  | 'send 2xx'
  | 'send 3xx-6xx'
  | 'send BYE'
  | 'CANCEL'
  | 'ACK'
  | 'no ACK'
  | 'no PRACK'
  | 'BYE'
  | 'BYE answered'
  | 'dialog lost'
  | 'told';

const ANSWERED = { to: 'Moratorium', do: ['send 2xx'] } as const;
const REFUSED = { to: 'Morgue', do: ['send 3xx-6xx', 'because refused', 'bury'] } as const;
const WITHDRAWN = { to: 'Morgue', do: ['send 487', 'because refused', 'bury'] } as const;
const CANCELLED = { to: 'Morgue', do: ['send 487', 'tell cancelled', 'because cancelled', 'bury'] } as const;
const HUNG_UP = { to: 'Morgue', do: ['answer BYE', 'because bye received', 'tell bye', 'bury'] } as const;

/**
 * RFC 5407 §2 Figure 2: the life of an INVITE dialog usage at the callee, one row per arrow; CANCEL as its Appendix C says,
 * `no ACK` as RFC 3261 §13.3.1.4, `no PRACK` as RFC 3262 §3. `Leaving` is ours: the callee wants to hang up and waits for the ACK (RFC 3261 §15).
 */
export const calleeMachine: MachineTable<CalleePhase, CalleeTrigger, UsageAction> = {
  Preparative: {
    'send 1xx': { to: 'Early', do: ['send 1xx'] },
    'send 2xx': ANSWERED,
    'send 3xx-6xx': REFUSED,
    'send BYE': WITHDRAWN,
    CANCEL: CANCELLED,
  },
  Early: {
    'send 1xx': { to: 'Early', do: ['send 1xx'] },
    'send 2xx': ANSWERED,
    'send 3xx-6xx': REFUSED,
    'send BYE': WITHDRAWN,
    CANCEL: CANCELLED,
    'no PRACK': { to: 'Morgue', do: ['send 504', 'because refused', 'bury'] },
    BYE: { to: 'Morgue', do: ['answer BYE', 'send 487', 'because bye received', 'tell bye', 'bury'] },
  },
  Moratorium: {
    ACK: { to: 'Established', do: ['tell acknowledged'] },
    'no ACK': { to: 'Established', do: ['tell no ack'] },
    'send BYE': { to: 'Leaving', do: ['because bye sent', 'hold BYE'] },
    'dialog lost': { to: 'Leaving', do: ['because dialog lost', 'hold BYE'] },
    BYE: HUNG_UP,
  },
  Leaving: {
    ACK: { to: 'Mortal', do: ['tell acknowledged', 'send BYE'] },
    'no ACK': { to: 'Mortal', do: ['send BYE'] },
    BYE: { to: 'Morgue', do: ['answer BYE', 'bury'] },
  },
  Established: {
    'send BYE': { to: 'Mortal', do: ['because bye sent', 'send BYE'] },
    'dialog lost': { to: 'Mortal', do: ['because dialog lost', 'send BYE'] },
    BYE: HUNG_UP,
  },
  Mortal: {
    'BYE answered': { to: 'Morgue', do: ['bury'] },
    BYE: { to: 'Morgue', do: ['answer BYE', 'bury'] },
  },
  Morgue: {
    told: { to: 'Ended', do: ['tell ended'] },
  },
  Ended: {},
};
