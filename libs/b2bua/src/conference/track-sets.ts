import { arrowFor } from '@legato/kernel';
import type { RecordingId, RecordingPause } from '../call/call-snapshot';
import type { Conference } from './conference';
import type { ConferenceRecording, ParticipantSnapshot, TrackSetSnapshot } from './conference-snapshot';
import { present } from './conference-snapshot';
import { trackSetTimer } from './conference-timers';
import { isRecordingActive } from './recording-states';
import { beginTrack, comparePause, loseRecordings, stopRecording } from './recordings';
import { isSilent } from './streams';
import type { TrackSetAction, TrackSetTrigger } from './track-set.machine';
import { trackSetMachine } from './track-set.machine';

const LEAST_MS = 1_000;

const tracksOf = (conference: Conference, { id }: TrackSetSnapshot): ConferenceRecording[] =>
  conference.snapshot.recordings.filter(({ track }) => track?.of === id);

type Action = (conference: Conference, set: TrackSetSnapshot) => void;
const logged =
  (type: string): Action =>
  (conference, { id, error }) =>
    conference.log(type, { recording_id: id, channels: 'per_participant', error });

const ended =
  (type: string): Action =>
  (conference, set) => {
    set.endedAt = conference.runtime.clock.wallTime();
    logged(type)(conference, set);
  };

const actions: Readonly<Record<TrackSetAction, Action>> = {
  'log recording.started': (conference, set) => {
    set.startedAt = conference.runtime.clock.wallTime();
    logged('recording.started')(conference, set);
  },
  'log recording.stopped': logged('recording.stopped'),
  'log recording.completed': ended('recording.completed'),
  'log recording.failed': ended('recording.failed'),
  'stop tracks': (conference, set) => {
    conference.stopTimer(trackSetTimer(set.id));
    for (const track of tracksOf(conference, set)) stopRecording(conference, track);
    settle(conference, set);
  },
};

function trigger(conference: Conference, set: TrackSetSnapshot, what: TrackSetTrigger): void {
  const arrow = arrowFor(trackSetMachine, set.state, what);
  if (!arrow) return;
  set.state = arrow.to;
  for (const action of arrow.do) actions[action](conference, set);
}

/** A recording that is to have a track for each participant. */
export function recordTracks(conference: Conference, maxMs: number): TrackSetSnapshot {
  const { snapshot, runtime } = conference;
  const set: TrackSetSnapshot = {
    id: `rec_${runtime.ids.uuidv7()}` as RecordingId,
    maxMs,
    createdAt: runtime.clock.wallTime(),
    state: 'requested',
  };
  (snapshot.trackSets ??= []).push(set);
  runtime.recordingCreated(snapshot.id, set.id);
  conference.startTimer(trackSetTimer(set.id), maxMs);
  beginTracks(conference);
  return set;
}

/** Whether somebody is heard: a track begins with the first word that others may hear, and is silent when they may not. */
const isHeard = ({ state, applied, silencedBy }: ParticipantSnapshot): boolean =>
  state === 'connected' && !silencedBy && !isSilent(applied);

/** A track for everybody who has none yet, and pauses that go with what the others hear. */
export function beginTracks(conference: Conference): void {
  const { snapshot, runtime } = conference;
  for (const recording of snapshot.recordings) if (recording.track) comparePause(conference, recording);
  const isMixing = snapshot.mixer === 'Mixing';
  for (const set of isMixing ? (snapshot.trackSets ?? []) : []) {
    if ((set.state !== 'requested' && set.state !== 'recording') || set.pause) continue;
    const tracks = tracksOf(conference, set);
    const leftMs = set.createdAt + set.maxMs - runtime.clock.wallTime();
    for (const participant of present(snapshot).filter(isHeard)) {
      if (tracks.some(({ track }) => track?.participant === participant.id)) continue;
      beginTrack(conference, participant, { of: set.id, maxMs: Math.max(LEAST_MS, leftMs) });
    }
  }
}

/** What a track has come to is known to the recording that it belongs to. */
export function noteTrack(conference: Conference, recording: ConferenceRecording): void {
  const set = conference.snapshot.trackSets?.find(({ id }) => id === recording.track?.of);
  if (!set) return;
  if (recording.startedAt !== undefined) trigger(conference, set, 'track begun');
  settle(conference, set);
}

function settle(conference: Conference, set: TrackSetSnapshot): void {
  const tracks = tracksOf(conference, set);
  if (set.state !== 'stopping' || tracks.some(isRecordingActive)) return;
  const isKept = tracks.some(({ state }) => state === 'completed');
  if (!isKept) {
    set.error ??= tracks.find(({ error }) => error)?.error ?? {
      code: 'stopped_before_start',
      detail: 'The recording was stopped before it began',
    };
  }
  trigger(conference, set, isKept ? 'tracks kept' : 'nothing kept');
}

export const stopTrackSet = (conference: Conference, set: TrackSetSnapshot): void =>
  trigger(conference, set, 'stop');

/** All of its tracks are paused, and those of newcomers begin when it goes on; without `pause` it does. */
export function pauseTrackSet(conference: Conference, set: TrackSetSnapshot, pause?: RecordingPause): void {
  if (pause) set.pause = pause;
  else delete set.pause;
  for (const track of tracksOf(conference, set)) {
    if (pause) track.pause = pause;
    else delete track.pause;
  }
  beginTracks(conference);
}

export function stopEveryRecording(conference: Conference): void {
  const { recordings, trackSets = [] } = conference.snapshot;
  for (const recording of recordings) stopRecording(conference, recording);
  for (const set of trackSets) stopTrackSet(conference, set);
}

/** The control dialog is gone: a recording with tracks keeps those that were complete. */
export function loseEveryRecording(conference: Conference): void {
  loseRecordings(conference);
  for (const set of conference.snapshot.trackSets ?? [])
    if (set.state === 'recording') stopTrackSet(conference, set);
}

/** Somebody has left, and the tracks with it. */
export function stopTracksOf(conference: Conference, { id }: ParticipantSnapshot): void {
  for (const recording of conference.snapshot.recordings)
    if (recording.track?.participant === id) stopRecording(conference, recording);
}
