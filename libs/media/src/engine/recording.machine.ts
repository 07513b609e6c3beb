import type { MachineTable } from '@legato/kernel';

export type RecordingState = 'Beeping' | 'Recording' | 'Paused' | 'Silenced' | 'Ended';
export type RecordingEvent =
  | 'beep over'
  | 'pause'
  | 'silence'
  | 'resume'
  | 'stop'
  | 'cancel'
  | 'maxlength'
  | 'prespeech'
  | 'postspeech'
  | 'disk error';
export type RecordingAction = 'finish file' | 'discard file';

/** RFC 5707 §9.7.4, the record primitive: one row per way on. */
export const recordingTable: MachineTable<RecordingState, RecordingEvent, RecordingAction> = {
  Beeping: {
    'beep over': { to: 'Recording', do: [] },
    pause: { to: 'Paused', do: [] },
    silence: { to: 'Silenced', do: [] },
    stop: { to: 'Ended', do: ['finish file'] },
    cancel: { to: 'Ended', do: ['discard file'] },
    'disk error': { to: 'Ended', do: ['finish file'] },
  },
  Recording: {
    pause: { to: 'Paused', do: [] },
    silence: { to: 'Silenced', do: [] },
    stop: { to: 'Ended', do: ['finish file'] },
    cancel: { to: 'Ended', do: ['discard file'] },
    maxlength: { to: 'Ended', do: ['finish file'] },
    prespeech: { to: 'Ended', do: ['finish file'] },
    postspeech: { to: 'Ended', do: ['finish file'] },
    'disk error': { to: 'Ended', do: ['finish file'] },
  },
  Paused: {
    resume: { to: 'Recording', do: [] },
    stop: { to: 'Ended', do: ['finish file'] },
    cancel: { to: 'Ended', do: ['discard file'] },
    'disk error': { to: 'Ended', do: ['finish file'] },
  },
  Silenced: {
    resume: { to: 'Recording', do: [] },
    stop: { to: 'Ended', do: ['finish file'] },
    cancel: { to: 'Ended', do: ['discard file'] },
    maxlength: { to: 'Ended', do: ['finish file'] },
    'disk error': { to: 'Ended', do: ['finish file'] },
  },
  Ended: {},
};
