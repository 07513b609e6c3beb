import type { RecordingView } from '../call/recording-view';
import { shownRecordingState } from '../call/recording-view';
import type { PromptSource } from '../media-control/prompt-source';
import type {
  AnnouncementSnapshot,
  ConferenceRecording,
  ConferenceSnapshot,
  ParticipantSnapshot,
  TrackSetSnapshot,
} from './conference-snapshot';
import { present } from './conference-snapshot';

const at = (epochMs: number) => new Date(epochMs).toISOString();
const maybeAt = (epochMs: number | undefined) => (epochMs === undefined ? undefined : at(epochMs));

/** A participant as REST shows it. */
export interface ParticipantView {
  readonly id: string;
  readonly conference_id: string;
  readonly call_id: string;
  readonly uri: string;
  readonly state: ParticipantSnapshot['state'];
  readonly role: ParticipantSnapshot['role'];
  readonly muted: boolean;
  readonly deaf: boolean;
  readonly hold: boolean;
  readonly gain_db: number;
  readonly coach_of?: string;
  readonly speaking: boolean;
  readonly created_at: string;
  readonly joined_at?: string;
  readonly left_at?: string;
  readonly left_reason?: ParticipantSnapshot['leftReason'];
  readonly error?: ParticipantSnapshot['error'];
}

/** A conference as REST shows it. */
export interface ConferenceView {
  readonly id: string;
  readonly name: string;
  readonly generation: number;
  readonly state: ConferenceSnapshot['state'];
  readonly ended_reason?: ConferenceSnapshot['endedReason'];
  readonly error?: ConferenceSnapshot['error'];
  readonly max_participants: number;
  readonly start_on: 'join' | 'host';
  readonly end_on: 'empty' | 'host';
  readonly media_server?: string;
  readonly created_at: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  /** How many have not left. */
  readonly participants: number;
  readonly recordings: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** An announcement as REST shows it. */
export interface AnnouncementView {
  readonly id: string;
  readonly conference_id: string;
  readonly participant_id?: string;
  readonly state: string;
  readonly sources: readonly PromptSource[];
  readonly created_at: string;
  readonly error?: AnnouncementSnapshot['error'];
}

export function participantView(
  { id }: Pick<ConferenceSnapshot, 'id'>,
  participant: ParticipantSnapshot,
): ParticipantView {
  const { callId, uri, state, role, muted, deaf, hold, gainDb, coachOf, speaking, error } = participant;
  return {
    id: participant.id,
    conference_id: id,
    call_id: callId,
    uri,
    state,
    role,
    muted,
    deaf,
    hold,
    gain_db: gainDb,
    coach_of: coachOf,
    speaking,
    created_at: at(participant.createdAt),
    joined_at: maybeAt(participant.joinedAt),
    left_at: maybeAt(participant.leftAt),
    left_reason: participant.leftReason,
    error,
  };
}

export function conferenceView(snapshot: ConferenceSnapshot): ConferenceView {
  const { options } = snapshot;
  return {
    id: snapshot.id,
    name: snapshot.name,
    generation: snapshot.generation,
    state: snapshot.state,
    ended_reason: snapshot.endedReason,
    error: snapshot.error,
    max_participants: options.maxParticipants,
    start_on: options.startOn,
    end_on: options.endOn,
    media_server: snapshot.mediaServer,
    created_at: at(snapshot.createdAt),
    started_at: maybeAt(snapshot.startedAt),
    ended_at: maybeAt(snapshot.endedAt),
    participants: present(snapshot).length,
    recordings: conferenceRecordings(snapshot).map(({ id }) => id),
    metadata: options.metadata,
  };
}

/** `queued` until somebody hears it, `playing` until its end was reported. */
function shownState(state: AnnouncementSnapshot['state']): string {
  if (state === 'starting') return 'queued';
  return state === 'stopping' ? 'playing' : state;
}

export const announcementView = (
  { id }: Pick<ConferenceSnapshot, 'id'>,
  announcement: AnnouncementSnapshot,
): AnnouncementView => ({
  id: announcement.id,
  conference_id: id,
  participant_id: announcement.participant,
  state: shownState(announcement.state),
  sources: announcement.sources,
  created_at: at(announcement.createdAt),
  error: announcement.error,
});

/** A recording of a conference, or one with a track for each participant. */
type AnyRecording = ConferenceRecording | TrackSetSnapshot;

const isTrackSet = (recording: AnyRecording): recording is TrackSetSnapshot => !('channels' in recording);

/** All recordings of a conference, tracks included. */
export const conferenceRecordings = ({ recordings, trackSets = [] }: ConferenceSnapshot): AnyRecording[] =>
  [...trackSets, ...recordings].sort((a, b) => (a.id < b.id ? -1 : 1));

/** One of them as REST shows it. */
export function conferenceRecordingView(snapshot: ConferenceSnapshot, id: string): RecordingView | undefined {
  const recording = conferenceRecordings(snapshot).find((each) => each.id === id);
  if (!recording) return undefined;
  return isTrackSet(recording) ? trackSetView(snapshot, recording) : mixRecordingView(snapshot, recording);
}

/** Pauses are those of its tracks. */
function shownTrackSetState({ state, pause }: TrackSetSnapshot): RecordingView['state'] {
  return state === 'recording' && pause ? 'paused' : state;
}

const trackSetView = (
  { id, recordings }: Pick<ConferenceSnapshot, 'id' | 'recordings'>,
  set: TrackSetSnapshot,
): RecordingView => ({
  id: set.id,
  conference_id: id,
  state: shownTrackSetState(set),
  channels: 'per_participant',
  tracks: recordings.filter(({ track }) => track?.of === set.id).map((each) => each.id),
  pause: set.pause,
  created_at: at(set.createdAt),
  started_at: maybeAt(set.startedAt),
  ended_at: maybeAt(set.endedAt),
  error: set.error,
});

const mixRecordingView = (
  { id }: Pick<ConferenceSnapshot, 'id'>,
  recording: ConferenceRecording,
): RecordingView => ({
  id: recording.id,
  conference_id: id,
  parent_id: recording.track?.of,
  participant_id: recording.track?.participant,
  state: shownRecordingState(recording.state),
  channels: recording.channels,
  pause: recording.state === 'paused' ? recording.paused : undefined,
  created_at: at(recording.createdAt),
  started_at: maybeAt(recording.startedAt),
  ended_at: maybeAt(recording.endedAt),
  duration_ms: recording.durationMs,
  error: recording.error,
  file: recording.file,
});
