import type { MachineTable } from '@legato/kernel';

export type EventQueueState = 'Idle' | 'Awaiting answer' | 'Waiting to retry' | 'Closed';

export type EventQueueTrigger =
  'event' | 'answered, none waiting' | 'answered, events waiting' | 'unanswered' | 'retry' | 'close';

export type EventQueueDeed = 'send INFO' | 'start retry timer' | 'tell empty' | 'drop all';

const CLOSED = { to: 'Closed', do: ['drop all'] } as const;

/**
 * The events of one SIP dialog leave in order, one INFO at a time (as media servers do it; RFC 3261 §12.2.2 would refuse what
 * overtakes).
 */
export const eventQueueMachine: MachineTable<EventQueueState, EventQueueTrigger, EventQueueDeed> = {
  Idle: {
    event: { to: 'Awaiting answer', do: ['send INFO'] },
    close: CLOSED,
  },
  'Awaiting answer': {
    'answered, none waiting': { to: 'Idle', do: ['tell empty'] },
    'answered, events waiting': { to: 'Awaiting answer', do: ['send INFO'] },
    unanswered: { to: 'Waiting to retry', do: ['start retry timer'] },
    close: CLOSED,
  },
  'Waiting to retry': {
    retry: { to: 'Awaiting answer', do: ['send INFO'] },
    close: CLOSED,
  },
  Closed: {},
};
