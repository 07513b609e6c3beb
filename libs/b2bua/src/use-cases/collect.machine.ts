import type { MachineTable } from '@legato/kernel';

/** `starting` is shown as queued before the first attempt and as collecting after it, `stopping` as collecting. */
export type CollectState =
  | 'queued'
  | 'starting'
  | 'collecting'
  | 'stopping'
  | 'matched'
  | 'no_input'
  | 'no_match'
  | 'terminated'
  | 'failed';

export type CollectTrigger =
  | 'its turn'
  | 'media failed'
  | 'started'
  | 'start refused'
  | 'stop'
  | 'stop refused'
  | 'matched'
  | 'no input'
  | 'no match'
  | 'missed, once more'
  | 'ended'
  | 'broke off'
  | 'call ends'
  | 'taken over'
  | 'lost';

export type CollectAction =
  | 'silence recordings and send dialogstart'
  | 'send dialogstart'
  | 'send dialogend'
  | 'note start'
  | 'log collect.finished';

const FINISHED = ['log collect.finished'] as const;
const OUTCOMES = {
  matched: { to: 'matched', do: FINISHED },
  'no input': { to: 'no_input', do: FINISHED },
  'no match': { to: 'no_match', do: FINISHED },
  'missed, once more': { to: 'starting', do: ['send dialogstart'] },
  ended: { to: 'terminated', do: FINISHED },
  'broke off': { to: 'failed', do: FINISHED },
  'call ends': { to: 'terminated', do: FINISHED },
  lost: { to: 'failed', do: FINISHED },
} as const;

/** The life of a collection of digits: an MSML collect dialog (RFC 5707 §9.7.5) for each attempt. */
export const collectMachine: MachineTable<CollectState, CollectTrigger, CollectAction> = {
  queued: {
    'its turn': { to: 'starting', do: ['silence recordings and send dialogstart'] },
    'media failed': { to: 'failed', do: FINISHED },
    stop: { to: 'terminated', do: FINISHED },
    'call ends': { to: 'terminated', do: FINISHED },
    lost: { to: 'failed', do: FINISHED },
  },
  starting: {
    started: { to: 'collecting', do: ['note start'] },
    'start refused': { to: 'failed', do: FINISHED },
    'taken over': { to: 'starting', do: ['silence recordings and send dialogstart'] },
    stop: { to: 'stopping', do: ['send dialogend'] },
    ...OUTCOMES,
  },
  collecting: {
    stop: { to: 'stopping', do: ['send dialogend'] },
    ...OUTCOMES,
  },
  stopping: {
    ...OUTCOMES,
    'taken over': { to: 'stopping', do: ['send dialogend'] },
    'start refused': { to: 'failed', do: FINISHED },
    'stop refused': { to: 'failed', do: FINISHED },
    'missed, once more': { to: 'terminated', do: FINISHED },
  },
  matched: {},
  no_input: {},
  no_match: {},
  terminated: {},
  failed: {},
};
