import type { MachineTable } from '@legato/kernel';
import type { UsageAction } from './usage-actions';

export type CallerPhase =
  | 'Idle'
  | 'Preparative'
  | 'Early'
  | 'Cancelling'
  | 'Moratorium'
  | 'Established'
  | 'Mortal'
  | 'Morgue'
  | 'Ended';

/** `send ...` is a command of the transaction user, everything else comes from below. */
export type CallerTrigger =
  | 'send INVITE'
  | 'send CANCEL'
  | 'send ACK'
  | 'send BYE'
  | '1xx'
  | '1xx-tag'
  | '199'
  | '2xx'
  | '420'
  | '422'
  | 'challenge'
  | '3xx-6xx'
  | 'no response'
  | 'BYE'
  | 'BYE answered'
  | 'dialog lost'
  | 'told';

const REFUSED = { to: 'Morgue', do: ['because refused', 'tell refused', 'bury'] } as const;
const GIVEN_UP = { to: 'Morgue', do: ['because cancelled', 'tell refused as cancelled', 'bury'] } as const;
const HUNG_UP = { to: 'Morgue', do: ['answer BYE', 'because bye received', 'tell bye', 'bury'] } as const;
const AGAIN = { to: 'Preparative', do: ['close early dialog', 'send INVITE again'] } as const;
const CANCEL = { to: 'Cancelling', do: ['send CANCEL'] } as const;
const LEAVE_UNACKNOWLEDGED = { to: 'Mortal', do: ['send bare ACK', 'because bye sent', 'send BYE'] } as const;

/**
 * RFC 5407 §2 Figure 1 (with the 199 of RFC 6228, the 420 of RFC 3261 §8.1.3.5, the 422 of RFC 4028 §7.3, the challenges of RFC 3261 §22): the life of an INVITE dialog usage at the caller, one row per arrow. `Idle` is before the figure
 * begins, `Ended` after it ends. `Cancelling` is ours: the TU has let go, whatever the final response will be (RFC 3261 §9.1, §15).
 * Deviates from the figure: the caller leaves an early dialog by CANCEL, never by BYE, because that leaves its forks too (§15).
 */
export const callerMachine: MachineTable<CallerPhase, CallerTrigger, UsageAction> = {
  Idle: {
    'send INVITE': { to: 'Preparative', do: ['send INVITE'] },
    'send CANCEL': { to: 'Morgue', do: ['because cancelled', 'bury'] },
    'send BYE': { to: 'Morgue', do: ['because cancelled', 'bury'] },
  },
  Preparative: {
    '1xx': { to: 'Preparative', do: ['tell provisional'] },
    '1xx-tag': { to: 'Early', do: ['open early dialog', 'tell provisional'] },
    '2xx': { to: 'Moratorium', do: ['confirm dialog', 'tell accepted'] },
    '420': AGAIN,
    '422': AGAIN,
    challenge: AGAIN,
    '3xx-6xx': REFUSED,
    'no response': REFUSED,
    'send CANCEL': CANCEL,
    'send BYE': CANCEL,
  },
  Early: {
    '1xx': { to: 'Early', do: ['tell provisional'] },
    '1xx-tag': { to: 'Early', do: ['tell provisional'] },
    '199': { to: 'Preparative', do: ['tell provisional', 'close early dialog'] },
    '2xx': { to: 'Moratorium', do: ['confirm dialog', 'tell accepted'] },
    '420': AGAIN,
    '422': AGAIN,
    challenge: AGAIN,
    '3xx-6xx': REFUSED,
    'no response': REFUSED,
    'send CANCEL': CANCEL,
    'send BYE': CANCEL,
    BYE: { to: 'Cancelling', do: ['answer BYE', 'send CANCEL'] },
  },
  Cancelling: {
    '2xx': {
      to: 'Mortal',
      do: ['confirm dialog', 'send bare ACK', 'because cancelled', 'tell refused as cancelled', 'send BYE'],
    },
    '3xx-6xx': GIVEN_UP,
    'no response': GIVEN_UP,
    BYE: { to: 'Cancelling', do: ['answer BYE'] },
  },
  Moratorium: {
    'send ACK': { to: 'Established', do: ['send ACK'] },
    'send CANCEL': LEAVE_UNACKNOWLEDGED,
    'send BYE': LEAVE_UNACKNOWLEDGED,
    'dialog lost': { to: 'Mortal', do: ['send bare ACK', 'because dialog lost', 'send BYE'] },
    BYE: HUNG_UP,
  },
  Established: {
    'send CANCEL': { to: 'Mortal', do: ['because bye sent', 'send BYE'] },
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
