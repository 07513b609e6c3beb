import type { MachineTable } from '@legato/kernel';

/** The states of a call as operators see them over REST. */
export type CallState = 'queued' | 'ringing' | 'early' | 'in_progress' | 'held' | 'ending' | 'ended';

/** What happens to a call as a whole; the use cases translate SIP and MSML into these. */
export type CallTrigger = 'alerting' | 'early media' | 'connected' | 'held' | 'resumed' | 'end' | 'released';

export type CallAction =
  | 'log call.ringing'
  | 'log call.early_media'
  | 'log call.answered'
  | 'log call.held'
  | 'log call.resumed'
  | 'log call.ended'
  | 'stop ring timer'
  | 'start duration timer'
  | 'stop every timer'
  | 'release everything';

const END = { to: 'ending', do: ['stop every timer', 'release everything'] } as const;
const CONNECTED = {
  to: 'in_progress',
  do: ['stop ring timer', 'start duration timer', 'log call.answered'],
} as const;

/** The life of a call. `ending` lasts until every leg, media session and recording has let go. */
export const callMachine: MachineTable<CallState, CallTrigger, CallAction> = {
  queued: {
    alerting: { to: 'ringing', do: ['log call.ringing'] },
    'early media': { to: 'early', do: ['log call.early_media'] },
    connected: CONNECTED,
    end: END,
  },
  ringing: {
    'early media': { to: 'early', do: ['log call.early_media'] },
    connected: CONNECTED,
    end: END,
  },
  early: {
    connected: CONNECTED,
    end: END,
  },
  in_progress: {
    held: { to: 'held', do: ['log call.held'] },
    end: END,
  },
  held: {
    resumed: { to: 'in_progress', do: ['log call.resumed'] },
    end: END,
  },
  ending: {
    released: { to: 'ended', do: ['stop every timer', 'log call.ended'] },
  },
  ended: {},
};
