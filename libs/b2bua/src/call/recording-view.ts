import type { RecordingState } from '../use-cases/recording.machine';
import type { CallSnapshot, LegRole, RecordingPause, RecordingSnapshot } from './call-snapshot';
import { at, maybeAt } from './view-times';

/** A recording as REST shows it; `file` stays inside. */
export interface RecordingView {
  readonly id: string;
  /** One of the two. */
  readonly call_id?: string;
  readonly conference_id?: string;
  readonly state: Exclude<RecordingState, 'pausing' | 'resuming'> | 'processing' | 'deleted';
  readonly channels: RecordingSnapshot['channels'] | 'per_participant';
  readonly leg?: LegRole;
  /** Of a track: the recording that it belongs to, and the participant of the conference who is recorded. */
  readonly parent_id?: string;
  readonly participant_id?: string;
  /** Of one with a track for each participant: the ids of its tracks. */
  readonly tracks?: readonly string[];
  /** What was asked for, and how the media server pauses it. */
  readonly pause?: RecordingPause;
  readonly created_at: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  readonly duration_ms?: number;
  readonly error?: RecordingSnapshot['error'];
  readonly file?: string | undefined;
  /** Where it is in the archive. */
  readonly object?: string | undefined;
}

/** Clients do not see that a request is under way. */
const SHOWN: Readonly<Partial<Record<RecordingState, RecordingView['state']>>> = {
  pausing: 'recording',
  resuming: 'paused',
};

/** The state as clients see it. */
export const shownRecordingState = (state: RecordingState): RecordingView['state'] =>
  SHOWN[state] ?? (state as RecordingView['state']);

export function recordingView({ id: callId }: CallSnapshot, recording: RecordingSnapshot): RecordingView {
  return {
    id: recording.id,
    call_id: callId,
    state: shownRecordingState(recording.state),
    channels: recording.channels,
    leg: recording.leg,
    pause: recording.state === 'paused' ? recording.paused : undefined,
    created_at: at(recording.createdAt),
    started_at: maybeAt(recording.startedAt),
    ended_at: maybeAt(recording.endedAt),
    duration_ms: recording.durationMs,
    error: recording.error,
    file: recording.file,
  };
}
