import type { MachineTable } from '@legato/kernel';

export type PlaybackState =
  'Loading' | 'Loading paused' | 'Playing' | 'Interval' | 'Paused' | 'Interval paused' | 'Ended';
export type PlaybackEvent =
  | 'loaded'
  | 'load failed'
  | 'round over'
  | 'interval over'
  | 'last round over'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'maxtime'
  | 'seek';
export type PlaybackAction = 'start round' | 'report';

/** RFC 5707 §9.7.1, the play primitive: one row per way on. */
export const playbackTable: MachineTable<PlaybackState, PlaybackEvent, PlaybackAction> = {
  Loading: {
    loaded: { to: 'Playing', do: [] },
    'load failed': { to: 'Ended', do: ['report'] },
    pause: { to: 'Loading paused', do: [] },
    stop: { to: 'Ended', do: ['report'] },
  },
  'Loading paused': {
    loaded: { to: 'Paused', do: [] },
    'load failed': { to: 'Ended', do: ['report'] },
    resume: { to: 'Loading', do: [] },
    stop: { to: 'Ended', do: ['report'] },
  },
  Playing: {
    'round over': { to: 'Interval', do: ['start round'] },
    'last round over': { to: 'Ended', do: ['report'] },
    pause: { to: 'Paused', do: [] },
    stop: { to: 'Ended', do: ['report'] },
    maxtime: { to: 'Ended', do: ['report'] },
  },
  Interval: {
    'interval over': { to: 'Playing', do: [] },
    pause: { to: 'Interval paused', do: [] },
    stop: { to: 'Ended', do: ['report'] },
    maxtime: { to: 'Ended', do: ['report'] },
  },
  Paused: {
    resume: { to: 'Playing', do: [] },
    stop: { to: 'Ended', do: ['report'] },
  },
  'Interval paused': {
    resume: { to: 'Interval', do: [] },
    seek: { to: 'Paused', do: [] },
    stop: { to: 'Ended', do: ['report'] },
  },
  Ended: {},
};
