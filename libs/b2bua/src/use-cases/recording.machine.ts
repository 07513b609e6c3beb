import type { MachineTable } from '@legato/kernel';

/** `absent` is one that the media server no longer knows of; `pausing` is shown as recording, `resuming` as paused. */
export type RecordingState =
  | 'requested'
  | 'starting'
  | 'recording'
  | 'pausing'
  | 'paused'
  | 'resuming'
  | 'stopping'
  | 'completed'
  | 'failed'
  | 'absent';

export type RecordingTrigger =
  | 'media ready'
  | 'media failed'
  | 'started'
  | 'start refused'
  | 'pause'
  | 'silenced'
  | 'pause done'
  | 'pause refused'
  | 'resume'
  | 'resume done'
  | 'resume refused'
  | 'stop'
  | 'stop refused'
  | 'dialog exited'
  | 'dialog failed'
  | 'taken over'
  | 'lost';

export type RecordingAction =
  | 'send dialogstart'
  | 'send pause'
  | 'send resume'
  | 'send dialogend'
  | 'compare pause'
  | 'keep results'
  | 'log recording.started'
  | 'log recording.paused'
  | 'log recording.resumed'
  | 'log recording.stopped'
  | 'log recording.completed'
  | 'log recording.failed'
  | 'log recording.absent';

const FAILED = { to: 'failed', do: ['log recording.failed'] } as const;
const COMPLETED = { to: 'completed', do: ['keep results', 'log recording.completed'] } as const;
const ABSENT = { to: 'absent', do: ['log recording.absent'] } as const;

const RUNNING = {
  stop: { to: 'stopping', do: ['send dialogend', 'log recording.stopped'] },
  'dialog exited': COMPLETED,
  'dialog failed': FAILED,
  lost: ABSENT,
} as const;

/** The life of a recording: one MSML record dialog (RFC 5707 §9.7.4) from the command to the finished file. */
export const recordingMachine: MachineTable<RecordingState, RecordingTrigger, RecordingAction> = {
  requested: {
    'media ready': { to: 'starting', do: ['send dialogstart'] },
    'media failed': FAILED,
    stop: FAILED,
    lost: FAILED,
  },
  starting: {
    started: { to: 'recording', do: ['log recording.started', 'compare pause'] },
    'start refused': FAILED,
    'taken over': { to: 'starting', do: ['send dialogstart'] },
    stop: { to: 'stopping', do: ['send dialogend'] },
    'dialog exited': COMPLETED,
    'dialog failed': FAILED,
    lost: FAILED,
  },
  recording: {
    pause: { to: 'pausing', do: ['send pause'] },
    // A sensitive collection says so in the request that starts it.
    silenced: { to: 'pausing', do: [] },
    ...RUNNING,
  },
  pausing: {
    'pause done': { to: 'paused', do: ['log recording.paused', 'compare pause'] },
    'pause refused': { to: 'recording', do: [] },
    'taken over': { to: 'pausing', do: ['send pause'] },
    ...RUNNING,
  },
  paused: {
    pause: { to: 'pausing', do: ['send pause'] },
    resume: { to: 'resuming', do: ['send resume'] },
    // The media server may have forgotten: what is wanted is said again.
    'taken over': { to: 'paused', do: ['send pause'] },
    ...RUNNING,
  },
  resuming: {
    'resume done': { to: 'recording', do: ['log recording.resumed', 'compare pause'] },
    'resume refused': { to: 'paused', do: [] },
    'taken over': { to: 'resuming', do: ['send resume'] },
    ...RUNNING,
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
