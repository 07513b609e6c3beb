import { arrowFor } from '@legato/kernel';
import type { MsmlEvent, MsmlOutcome } from '@legato/msml';
import { isGone } from '@legato/msml';
import type { RecordingId, RecordingPause } from '../call/call-snapshot';
import { isStarted, refusalOf } from '../media-control/dialog-report';
import {
  pauseOperations,
  recordOperations,
  resumeOperations,
  stopRecordOperations,
} from '../media-control/record-requests';
import type { RecordingAction, RecordingTrigger } from '../use-cases/recording.machine';
import { recordingMachine } from '../use-cases/recording.machine';
import { completion, describeRecording, SENSITIVE } from '../use-cases/recording-life';
import { keepResults } from '../use-cases/recording-results';
import type { Conference } from './conference';
import type { ConferenceRecording, ParticipantSnapshot } from './conference-snapshot';
import { mixerId } from './conference-snapshot';
import { exitGraceTimer } from './conference-timers';
import { announcesExit, failureIn } from './dialog-exit';
import { isRecordingActive } from './recording-states';
import { confirmSilence, failSilence } from './silence';
import { isSilent, wantedStreams } from './streams';

/** Default length limit of a recording. */
export const DEFAULT_MAX_MS = 4 * 3_600_000;
type Action = (conference: Conference, recording: ConferenceRecording) => void;
const logged =
  (type: string): Action =>
  (conference, recording) => {
    if (!isRecordingActive(recording)) recording.endedAt = conference.runtime.clock.wallTime();
    conference.log(type, describe(recording));
  };

const targetOf = (conference: Conference, { track }: ConferenceRecording): string =>
  track?.connection ?? mixerId(conference.snapshot);

const dialogOf = (conference: Conference, recording: ConferenceRecording): string =>
  `${targetOf(conference, recording)}/dialog:${recording.id}`;

const describe = (recording: ConferenceRecording) => ({
  ...describeRecording(recording),
  parent_id: recording.track?.of,
  participant_id: recording.track?.participant,
});

/** A track is silent while nobody is to hear its participant, whatever clients want of it. */
const MUTED: RecordingPause = { mode: 'silence', reason: 'muted' };

function wantedPause(conference: Conference, recording: ConferenceRecording): RecordingPause | undefined {
  const { pause } = recording;
  const participant = participantOf(conference, recording);
  if (pause || !participant) return pause;
  if (participant.silencedBy) return SENSITIVE;
  const hasLeft = participant.state === 'left';
  return !hasLeft && isSilent(wantedStreams(conference.snapshot, participant)) ? MUTED : undefined;
}

function sendPause(conference: Conference, recording: ConferenceRecording): void {
  const pause = wantedPause(conference, recording) ?? recording.paused;
  if (!pause) return;
  const dialog = dialogOf(conference, recording);
  // A media server that pauses one way has to go on before it can pause the other way.
  const goOn = recording.paused && recording.paused.mode !== pause.mode ? resumeOperations(dialog) : [];
  recording.paused = pause;
  const operations = [...goOn, ...pauseOperations(dialog, pause.mode, pause.reason)];
  conference.submit(`record pause ${recording.id}`, operations);
}

/** What the arrows of a recording's machine do for a conference: the mix is recorded in one dialog (RFC 5707 §9.7.4). */
const actions: Readonly<Record<RecordingAction, Action>> = {
  'send dialogstart': (conference, recording) => {
    const names = { target: targetOf(conference, recording), name: recording.id };
    conference.submit(`record start ${recording.id}`, recordOperations(names, recording));
  },
  'send pause': sendPause,
  'send resume': (conference, recording) =>
    conference.submit(`record resume ${recording.id}`, resumeOperations(dialogOf(conference, recording))),
  'send dialogend': (conference, recording) =>
    conference.submit(`record stop ${recording.id}`, stopRecordOperations(dialogOf(conference, recording))),
  'compare pause': (conference, recording) => comparePause(conference, recording),
  'keep results': (_conference, recording) => keepResults(recording),
  'log recording.started': (conference, recording) => {
    recording.startedAt = conference.runtime.clock.wallTime();
    conference.log('recording.started', describe(recording));
  },
  'log recording.paused': (conference, recording) => {
    const { mode, reason } = recording.paused ?? { mode: 'silence' };
    conference.log('recording.paused', { ...describe(recording), mode, reason });
  },
  'log recording.resumed': (conference, recording) => {
    delete recording.paused;
    conference.log('recording.resumed', describe(recording));
  },
  'log recording.stopped': logged('recording.stopped'),
  'log recording.completed': (conference, recording) => {
    if (recording.error) recording.state = 'failed';
    const type = recording.error ? 'recording.failed' : completion(conference.runtime);
    logged(type)(conference, recording);
  },
  'log recording.failed': logged('recording.failed'),
  'log recording.absent': logged('recording.absent'),
};

/** Tells the media server where it differs from what is wanted. */
export function comparePause(conference: Conference, recording: ConferenceRecording): void {
  const { paused, state } = recording;
  const pause = wantedPause(conference, recording);
  if (!pause) trigger(conference, recording, 'resume');
  else if (state === 'recording' || pause.mode !== paused?.mode) trigger(conference, recording, 'pause');
}

/** Pauses a recording, now or as soon as it runs. */
export function pauseRecording(
  conference: Conference,
  recording: ConferenceRecording,
  pause: RecordingPause,
): void {
  recording.pause = pause;
  comparePause(conference, recording);
}

export function resumeRecording(conference: Conference, recording: ConferenceRecording): void {
  delete recording.pause;
  comparePause(conference, recording);
}

function trigger(conference: Conference, recording: ConferenceRecording, what: RecordingTrigger): void {
  const arrow = arrowFor(recordingMachine, recording.state, what);
  if (!arrow) return;
  recording.state = arrow.to;
  for (const action of arrow.do) actions[action](conference, recording);
  if (recording.track) trackAdvanced(conference, recording);
  if (!isRecordingActive(recording)) conference.recordingSettled();
}

function trackAdvanced(conference: Conference, recording: ConferenceRecording): void {
  const participant = participantOf(conference, recording);
  if (participant) confirmSilence(conference, participant);
  conference.trackAdvanced(recording);
}

const participantOf = (
  conference: Conference,
  { track }: ConferenceRecording,
): ParticipantSnapshot | undefined => track && conference.participant(track.participant);

/** A recording of the mix; begins as soon as somebody is mixed. */
export function record(conference: Conference, maxMs = DEFAULT_MAX_MS): ConferenceRecording {
  const recording = add(conference, { maxMs });
  beginRecordings(conference);
  return recording;
}

/** A recording of what one participant, who is connected, says. */
export function beginTrack(
  conference: Conference,
  { id: participant, connection = '' }: ParticipantSnapshot,
  { of, maxMs }: { readonly of: RecordingId; readonly maxMs: number },
): void {
  const recording = add(conference, { maxMs, track: { of, participant, connection } });
  trigger(conference, recording, 'media ready');
}

function add(
  { snapshot, runtime }: Conference,
  wanted: Pick<ConferenceRecording, 'maxMs' | 'track'>,
): ConferenceRecording {
  const recording: ConferenceRecording = {
    ...wanted,
    id: `rec_${runtime.ids.uuidv7()}` as RecordingId,
    channels: 'mono',
    createdAt: runtime.clock.wallTime(),
    state: 'requested',
    values: [],
  };
  snapshot.recordings.push(recording);
  runtime.recordingCreated(snapshot.id, recording.id);
  return recording;
}

/** Starts what waits for the mix. */
export function beginRecordings(conference: Conference): void {
  if (conference.snapshot.mixer !== 'Mixing') return;
  for (const recording of conference.snapshot.recordings) {
    if (recording.state === 'requested') trigger(conference, recording, 'media ready');
  }
}

export function stopRecording(conference: Conference, recording: ConferenceRecording): void {
  if (recording.state === 'requested') {
    recording.error = { code: 'stopped_before_start', detail: 'The recording was stopped before it began' };
  }
  trigger(conference, recording, 'stop');
}

export function loseRecording(conference: Conference, recording: ConferenceRecording): void {
  recording.error ??= {
    code: 'media_server_lost',
    detail: 'The media server let go before it reported the file',
  };
  trigger(conference, recording, 'lost');
}

/** The control dialog is gone: what was started on it reports to nobody. What has not begun waits for the next one. */
export function loseRecordings(conference: Conference): void {
  for (const recording of conference.snapshot.recordings) {
    if (isRecordingActive(recording) && recording.state !== 'requested') loseRecording(conference, recording);
  }
}

/** The answer to a request in flight was lost with the process that asked: it is asked again. */
export function resumeRecordings(conference: Conference): void {
  for (const recording of conference.snapshot.recordings) trigger(conference, recording, 'taken over');
}

const find = (conference: Conference, id: string) =>
  conference.snapshot.recordings.find((recording) => recording.id === id);

/** The media server answered the request that starts, or stops, a recording. */
export function receiveRecordingOutcome(
  conference: Conference,
  verb: string,
  id: string,
  outcome: MsmlOutcome,
): void {
  const recording = find(conference, id);
  if (!recording) return;
  if (verb === 'start') {
    if (isStarted(outcome)) trigger(conference, recording, 'started');
    else {
      recording.error = refusalOf(outcome);
      trigger(conference, recording, 'start refused');
    }
  } else if (verb === 'pause' || verb === 'resume') {
    if (!outcome.ok) tellRefused(conference, recording, verb, outcome);
    const participant = participantOf(conference, recording);
    if (!outcome.ok && participant) failSilence(conference, participant, refusalOf(outcome));
    trigger(conference, recording, `${verb} ${outcome.ok ? 'done' : 'refused'}`);
  } else if (!outcome.ok) {
    recording.error = refusalOf(outcome);
    // What ended at the same moment reports it still.
    if (isGone(outcome)) awaitExit(conference, recording);
    else trigger(conference, recording, 'stop refused');
  }
}

/** It stays as it was, and is not asked again before somebody wants something else. */
function tellRefused(
  conference: Conference,
  recording: ConferenceRecording,
  command: 'pause' | 'resume',
  outcome: MsmlOutcome,
): void {
  if (command === 'resume') recording.pause = recording.paused;
  else {
    delete recording.pause;
    delete recording.paused;
  }
  conference.log('recording.refused', {
    ...describe(recording),
    command,
    error: refusalOf(outcome),
  });
}

const awaitExit = (conference: Conference, { id }: ConferenceRecording): void =>
  conference.startTimer(exitGraceTimer(id), conference.runtime.timings.exitGraceMs);

/** msml.dialog.exit did not come: what was reported before it counts; nothing was, when the dialog had gone unheard. */
export function recordingGraceOver(conference: Conference, id: string): void {
  const recording = find(conference, id);
  if (!recording) return;
  if (recording.values.length > 0) finish(conference, recording);
  else trigger(conference, recording, 'stop refused');
}

function finish(conference: Conference, recording: ConferenceRecording): void {
  conference.stopTimer(exitGraceTimer(recording.id));
  const failure = failureIn(recording.values);
  if (failure) recording.error = failure;
  else delete recording.error;
  trigger(conference, recording, failure ? 'dialog failed' : 'dialog exited');
}

/** An event of a record dialog; false when no recording of this conference is meant. */
export function receiveRecordingEvent(conference: Conference, dialog: string, event: MsmlEvent): boolean {
  const recording = find(conference, dialog);
  if (!recording) return false;
  recording.values.push(...event.values);
  if (event.name === 'msml.dialog.exit') finish(conference, recording);
  else if (announcesExit(event.name)) awaitExit(conference, recording);
  return true;
}
