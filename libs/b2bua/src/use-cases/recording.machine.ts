import type { MachineTable } from '@legato/kernel';

/** As clients see a recording; `absent` is one that the media server no longer knows of. */
export type RecordingState =
  'requested' | 'starting' | 'recording' | 'stopping' | 'completed' | 'failed' | 'absent';

export type RecordingTrigger =
  | 'media ready'
  | 'media failed'
  | 'started'
  | 'start refused'
  | 'stop'
  | 'stop refused'
  | 'dialog exited'
  | 'dialog failed'
  | 'taken over'
  | 'lost';

export type RecordingAction =
  | 'send dialogstart'
  | 'send dialogend'
  | 'keep results'
  | 'log recording.started'
  | 'log recording.stopped'
  | 'log recording.completed'
  | 'log recording.failed'
  | 'log recording.absent';

const FAILED = { to: 'failed', do: ['log recording.failed'] } as const;
const COMPLETED = { to: 'completed', do: ['keep results', 'log recording.completed'] } as const;
const ABSENT = { to: 'absent', do: ['log recording.absent'] } as const;

/** The life of a recording: one MSML record dialog (RFC 5707 §9.7.4) from the command to the finished file. */
export const recordingMachine: MachineTable<RecordingState, RecordingTrigger, RecordingAction> = {
  requested: {
    'media ready': { to: 'starting', do: ['send dialogstart'] },
    'media failed': FAILED,
    stop: FAILED,
    lost: FAILED,
  },
  starting: {
    started: { to: 'recording', do: ['log recording.started'] },
    'start refused': FAILED,
    'taken over': { to: 'starting', do: ['send dialogstart'] },
    stop: { to: 'stopping', do: ['send dialogend'] },
    'dialog exited': COMPLETED,
    'dialog failed': FAILED,
    lost: FAILED,
  },
  recording: {
    stop: { to: 'stopping', do: ['send dialogend', 'log recording.stopped'] },
    'dialog exited': COMPLETED,
    'dialog failed': FAILED,
    lost: ABSENT,
  },
  stopping: {
    'taken over': { to: 'stopping', do: ['send dialogend'] },
    'stop refused': ABSENT,
    'start refused': FAILED,
    'dialog exited': COMPLETED,
    'dialog failed': FAILED,
    lost: ABSENT,
  },
  completed: {},
  failed: {},
  absent: {},
};
