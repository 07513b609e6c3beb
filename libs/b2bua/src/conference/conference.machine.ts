import type { MachineTable } from '@legato/kernel';

/** The states of a conference as operators see them over REST. */
export type ConferenceState = 'created' | 'active' | 'locked' | 'ending' | 'ended';

export type ConferenceTrigger = 'start' | 'lock' | 'unlock' | 'end' | 'released';

export type ConferenceAction =
  | 'log conference.started'
  | 'log conference.locked'
  | 'log conference.unlocked'
  | 'log conference.ended'
  | 'stop every timer'
  | 'release everything';

const END = { to: 'ending', do: ['stop every timer', 'release everything'] } as const;

/**
 * The life of a conference. Before its start those who come wait; `ending` lasts until the media server has let go of it.
 */
export const conferenceMachine: MachineTable<ConferenceState, ConferenceTrigger, ConferenceAction> = {
  created: {
    start: { to: 'active', do: ['log conference.started'] },
    end: END,
  },
  active: {
    lock: { to: 'locked', do: ['log conference.locked'] },
    end: END,
  },
  locked: {
    unlock: { to: 'active', do: ['log conference.unlocked'] },
    end: END,
  },
  ending: {
    released: { to: 'ended', do: ['stop every timer', 'log conference.ended'] },
  },
  ended: {},
};
