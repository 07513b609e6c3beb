import { arrowFor } from '@legato/kernel';
import type { MsmlEvent, MsmlOutcome } from '@legato/msml';
import { parseObjectId } from '@legato/msml';
import type { Call } from '../call/call';
import type { RecordingChannels, RecordingId, RecordingSnapshot } from '../call/call-snapshot';
import { exitGraceTimer } from '../call/call-timer-names';
import { conferenceName, scatter, startOperations, stopOperations } from '../media-control/record-requests';
import { beginMove } from './begin-move';
import type { RecordingAction, RecordingState, RecordingTrigger } from './recording.machine';
import { recordingMachine } from './recording.machine';
import { keepResults } from './recording-results';

/** Default length limit of a recording: as long as a call may last. */
const DEFAULT_MAX_MS = 4 * 3_600_000;

/** RFC 5707 §11: the name is ours alone, so a dialog that has it is the one we asked for. */
const DIALOG_NAME_IN_USE = '431';

const FINAL: readonly RecordingState[] = ['completed', 'failed', 'absent'];

/** Whether the recording still owes its outcome. */
export const isActive = (recording: RecordingSnapshot): boolean => !FINAL.includes(recording.state);

const describe = (recording: RecordingSnapshot) => ({
  recording_id: recording.id,
  channels: recording.channels,
  duration_ms: recording.durationMs,
  error: recording.error,
});

const logged = (type: string) => (call: Call, recording: RecordingSnapshot) => {
  if (!isActive(recording)) recording.endedAt = call.runtime.clock.wallTime();
  call.log(type, describe(recording));
};

const actions: Readonly<Record<RecordingAction, (call: Call, recording: RecordingSnapshot) => void>> = {
  'send dialogstart': (call, recording) => {
    call.submit('caller media', `record start ${recording.id}`, startOperations(call, recording));
    if (recording.channels === 'mono') call.snapshot.conference = conferenceName(call);
  },
  'send dialogend': (call, recording) =>
    call.submit('caller media', `record stop ${recording.id}`, stopOperations(call, recording)),
  'keep results': (_call, recording) => keepResults(recording),
  'log recording.started': (call, recording) => {
    recording.startedAt = call.runtime.clock.wallTime();
    call.log('recording.started', describe(recording));
  },
  'log recording.stopped': (call, recording) => call.log('recording.stopped', describe(recording)),
  'log recording.completed': (call, recording) =>
    recording.error ? fail(call, recording) : logged('recording.completed')(call, recording),
  'log recording.failed': logged('recording.failed'),
  'log recording.absent': logged('recording.absent'),
};

/** The media server called it complete, but what it reported says otherwise. */
function fail(call: Call, recording: RecordingSnapshot): void {
  recording.state = 'failed';
  logged('recording.failed')(call, recording);
}

function trigger(call: Call, recording: RecordingSnapshot, what: RecordingTrigger): void {
  const arrow = arrowFor(recordingMachine, recording.state, what);
  if (!arrow) return;
  recording.state = arrow.to;
  for (const action of arrow.do) actions[action](call, recording);
  if (!isActive(recording)) call.recordingSettled();
}

/** A new recording of a connected call; a direct call moves to the media server first. */
export function requestRecording(
  call: Call,
  options: { channels: RecordingChannels; maxMs?: number },
): RecordingSnapshot {
  const recording: RecordingSnapshot = {
    id: `rec_${call.runtime.ids.uuidv7()}` as RecordingId,
    channels: options.channels,
    maxMs: options.maxMs ?? DEFAULT_MAX_MS,
    createdAt: call.runtime.clock.wallTime(),
    state: 'requested',
    values: [],
  };
  call.snapshot.recordings.push(recording);
  call.runtime.recordingCreated(call.snapshot.id, recording.id);
  beginRequestedRecordings(call);
  return recording;
}

/** Starts what waits for media, or gets the media. Does nothing while the call is being connected or moved. */
export function beginRequestedRecordings(call: Call): void {
  const { snapshot } = call;
  const waiting = snapshot.recordings.filter((recording) => recording.state === 'requested');
  if (waiting.length === 0 || snapshot.procedure || snapshot.answeredAt === undefined) return;
  if (snapshot.mode === 'direct') beginMove(call);
  else for (const recording of waiting) trigger(call, recording, 'media ready');
}

export function failRequestedRecordings(call: Call): void {
  for (const recording of call.snapshot.recordings) {
    if (recording.state !== 'requested') continue;
    recording.error ??= {
      code: 'media_unavailable',
      detail: 'The call could not be moved to a media server',
    };
    trigger(call, recording, 'media failed');
  }
}

export function stopRecording(call: Call, recording: RecordingSnapshot): void {
  if (recording.state === 'requested') {
    recording.error = { code: 'stopped_before_start', detail: 'The recording was stopped before it began' };
  }
  trigger(call, recording, 'stop');
}

/** The media server answered the request that starts (or stops) a recording. */
export function receiveRecordOutcome(call: Call, verb: string, id: string, outcome: MsmlOutcome): void {
  const recording = call.snapshot.recordings.find((candidate) => candidate.id === id);
  if (!recording) return;
  if (verb === 'start') {
    if (outcome.ok || outcome.response === DIALOG_NAME_IN_USE) trigger(call, recording, 'started');
    else startRefused(call, recording, outcome);
  } else if (!outcome.ok) {
    recording.error = refusal(outcome);
    trigger(call, recording, 'stop refused');
  }
}

const refusal = (outcome: MsmlOutcome) => ({
  code: 'media_server_refused',
  detail: `MSML ${outcome.response ?? `SIP ${outcome.sipStatus}`}: ${outcome.description ?? 'no description'}`,
});

/** MSML does not roll back (RFC 5707 §5): parties that the request had taken apart are joined again. */
function startRefused(call: Call, recording: RecordingSnapshot, outcome: MsmlOutcome): void {
  recording.error = refusal(outcome);
  const others = call.snapshot.recordings.filter((other) => other !== recording && isActive(other));
  if (recording.channels === 'mono' && !others.some((other) => other.channels === 'mono')) {
    call.snapshot.conference = undefined;
    if (call.snapshot.state !== 'ending') {
      for (const operations of scatter(call)) call.submit('caller media', 'undo', operations);
    }
  }
  trigger(call, recording, 'start refused');
}

/**
 * After a take-over the answer to a request in flight is lost: it is sent again. The names in it are fixed, so that a
 * media server which has done it already says so (431, 432), and that counts as done.
 */
export function resumeRecordings(call: Call): void {
  for (const recording of call.snapshot.recordings) trigger(call, recording, 'taken over');
  beginRequestedRecordings(call);
}

/** An event of a record dialog; false when no recording of this call is meant. */
export function receiveRecordEvent(call: Call, event: MsmlEvent): boolean {
  const dialog = parseObjectId(event.id)?.dialog;
  const recording = call.snapshot.recordings.find((candidate) => candidate.id === dialog);
  if (!recording) return false;
  recording.values.push(...event.values);
  if (event.name === 'moml.exit') {
    call.startTimer(exitGraceTimer(recording.id), call.runtime.timings.exitGraceMs);
  } else if (event.name === 'msml.dialog.exit') finish(call, recording);
  return true;
}

/** The server reported its results and then nothing: they are taken as they are. */
export function graceOver(call: Call, id: RecordingId): void {
  const recording = call.snapshot.recordings.find((candidate) => candidate.id === id);
  if (recording) finish(call, recording);
}

function finish(call: Call, recording: RecordingSnapshot): void {
  call.stopTimer(exitGraceTimer(recording.id));
  const status = recording.values.find(({ name }) => name === 'dialog.exit.status');
  if (!status) {
    trigger(call, recording, 'dialog exited');
    return;
  }
  const description = recording.values.find(({ name }) => name === 'dialog.exit.description')?.value;
  recording.error = {
    code: 'media_server_failed',
    detail: `MSML ${status.value}: ${description ?? ''}`.trim(),
  };
  trigger(call, recording, 'dialog failed');
}

/** The media dialog is gone: its recordings report no more. */
export function loseRecordings(call: Call): void {
  for (const recording of call.snapshot.recordings) {
    if (!isActive(recording)) continue;
    recording.error ??= {
      code: 'media_server_lost',
      detail: 'The media server let go before it reported the file',
    };
    trigger(call, recording, 'lost');
  }
}
