import type { MachineTable } from '@legato/kernel';

export type TrackSetState = 'requested' | 'recording' | 'stopping' | 'completed' | 'failed';

export type TrackSetTrigger =
  | 'track begun'
  | 'stop'
  /** None of its tracks owes its outcome any more, and there is a file. */
  | 'tracks kept'
  /** The same, and there is none. */
  | 'nothing kept';

export type TrackSetAction =
  | 'log recording.started'
  | 'log recording.stopped'
  | 'log recording.completed'
  | 'log recording.failed'
  | 'stop tracks';

/** A recording of each participant by itself, whose tracks are recordings of their own. */
export const trackSetMachine: MachineTable<TrackSetState, TrackSetTrigger, TrackSetAction> = {
  requested: {
    'track begun': { to: 'recording', do: ['log recording.started'] },
    stop: { to: 'stopping', do: ['stop tracks'] },
  },
  recording: {
    stop: { to: 'stopping', do: ['log recording.stopped', 'stop tracks'] },
  },
  stopping: {
    'tracks kept': { to: 'completed', do: ['log recording.completed'] },
    'nothing kept': { to: 'failed', do: ['log recording.failed'] },
  },
  completed: {},
  failed: {},
};
