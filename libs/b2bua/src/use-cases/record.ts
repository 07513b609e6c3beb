import { crashPoint } from '@legato/kernel';
import type { MsmlDialogResult, MsmlOutcome } from '@legato/msml';
import { isGone } from '@legato/msml';
import type { Call } from '../call/call';
import type { LegRole, RecordingId, RecordingSnapshot } from '../call/call-snapshot';
import { failureOf, isStarted, refusalOf } from '../media-control/dialog-report';
import type { RecordOptions } from '../media-control/record-requests';
import { stopRecordOperations } from '../media-control/record-requests';
import { isMixed, recordDialogId, scatter } from '../media-control/recorded-audio';
import { advanceRecording, describeRecording, isActive, SENSITIVE } from './recording-life';

/** Default length limit of a recording: as long as a call may last. */
export const DEFAULT_MAX_MS = 4 * 3_600_000;

/** How a recording is asked for; see {@link RecordOptions}. */
export interface RecordingRequest extends Omit<RecordOptions, 'maxMs'> {
  readonly maxMs?: number;
  /** The one party that is recorded, with one channel; missing: the call. */
  readonly leg?: LegRole;
  readonly trim?: boolean;
}

/** A new recording of a connected call; a direct call moves to the media server first. */
export function requestRecording(call: Call, request: RecordingRequest): RecordingSnapshot {
  const recording: RecordingSnapshot = {
    ...request,
    id: `rec_${call.runtime.ids.uuidv7()}` as RecordingId,
    maxMs: request.maxMs ?? DEFAULT_MAX_MS,
    createdAt: call.runtime.clock.wallTime(),
    state: 'requested',
    values: [],
  };
  call.snapshot.recordings.push(recording);
  call.runtime.recordingCreated(call.snapshot.id, recording.id);
  call.beginMediaWork();
  return recording;
}

/** Starts what waits for media; the call is at the media server. */
export function beginRequestedRecordings(call: Call): void {
  for (const recording of call.snapshot.recordings) advanceRecording(call, recording, 'media ready');
}

export function failRequestedRecordings(call: Call): void {
  for (const recording of call.snapshot.recordings) {
    if (recording.state !== 'requested') continue;
    recording.error ??= {
      code: 'media_unavailable',
      detail: 'The call could not be moved to a media server',
    };
    advanceRecording(call, recording, 'media failed');
  }
}

export function stopRecording(call: Call, recording: RecordingSnapshot): void {
  if (recording.state === 'requested') {
    recording.error = { code: 'stopped_before_start', detail: 'The recording was stopped before it began' };
  }
  advanceRecording(call, recording, 'stop');
}

const answered: Readonly<
  Record<string, (call: Call, recording: RecordingSnapshot, outcome: MsmlOutcome) => void>
> = {
  start: (call, recording, outcome) => {
    crashPoint('recording confirmed');
    if (isStarted(outcome)) advanceRecording(call, recording, 'started');
    else startRefused(call, recording, outcome);
  },
  pause: (call, recording, outcome) => {
    if (!outcome.ok) commandFailed(call, recording, 'pause', outcome);
    advanceRecording(call, recording, outcome.ok ? 'pause done' : 'pause refused');
  },
  resume: (call, recording, outcome) => {
    if (!outcome.ok) commandFailed(call, recording, 'resume', outcome);
    advanceRecording(call, recording, outcome.ok ? 'resume done' : 'resume refused');
  },
  stop: (call, recording, outcome) => {
    // Its exit comes when the file is safe; how long that may take is not a matter of the dialog's grace.
    if (outcome.ok) return;
    if (isGone(outcome)) {
      // It may have ended by itself at the same moment: what it reports is on its way.
      call.mediaDialogs.receiveEnd(recordDialogId(call, recording), outcome);
      return;
    }
    recording.error = refusalOf(outcome);
    advanceRecording(call, recording, 'stop refused');
  },
};

/** The media server answered a request about a recording. */
export function receiveRecordOutcome(call: Call, verb: string, id: string, outcome: MsmlOutcome): void {
  const recording = call.snapshot.recordings.find((candidate) => candidate.id === id);
  if (!recording || !isActive(recording)) return;
  answered[verb]?.(call, recording, outcome);
  call.beginMediaWork();
}

/** What is wanted is given up: it would be refused again. */
function commandFailed(
  call: Call,
  recording: RecordingSnapshot,
  command: 'pause' | 'resume',
  outcome: MsmlOutcome,
): void {
  if (command === 'resume') recording.pause = recording.paused ?? SENSITIVE;
  else {
    delete recording.pause;
    delete recording.paused;
  }
  call.log('recording.refused', { ...describeRecording(recording), command, error: refusalOf(outcome) });
}

/** MSML does not roll back (RFC 5707 §5): parties that the request had taken apart are joined again. */
function startRefused(call: Call, recording: RecordingSnapshot, outcome: MsmlOutcome): void {
  recording.error = refusalOf(outcome);
  // Perhaps it runs, and nobody would ever end it.
  if (recording.error.code === 'outcome_unknown')
    call.submit('caller media', 'undo', stopRecordOperations(recordDialogId(call, recording)));
  const others = call.snapshot.recordings.filter((other) => other !== recording && isActive(other));
  if (isMixed(recording) && !others.some(isMixed)) {
    call.snapshot.conference = undefined;
    if (call.snapshot.state !== 'ending') {
      for (const operations of scatter(call)) call.submit('caller media', 'undo', operations);
    }
  }
  advanceRecording(call, recording, 'start refused');
}

/**
 * After a take-over the answer to a request in flight is lost: one that starts is on its way again as it was, see {@link isDoneOnce},
 * any other is made anew. The names in it are fixed, so that a media server which has done it already says so (431, 432), and that
 * counts as done.
 */
export function resumeRecordings(call: Call): void {
  for (const recording of call.snapshot.recordings) {
    if (!isActive(recording) || recording.state === 'requested') continue;
    // Stored before dialogs were watched, it may not be among them.
    call.mediaDialogs.watch(recordDialogId(call, recording));
    advanceRecording(call, recording, 'taken over');
  }
}

/** What the record dialog called `name` came to. */
export function recordDialogFinished(call: Call, name: string, result: MsmlDialogResult): void {
  const recording = call.snapshot.recordings.find((candidate) => candidate.id === name);
  if (!recording) return;
  if (result.exitMissing && result.values.length === 0) {
    lose(call, recording);
    return;
  }
  recording.values = result.values;
  const failure = failureOf(result);
  if (failure) recording.error = failure;
  advanceRecording(call, recording, failure ? 'dialog failed' : 'dialog exited');
}

/** A recording that was told to end has not reported its file in time. */
export function recordingExitOver(call: Call, id: string): void {
  const recording = call.snapshot.recordings.find((candidate) => candidate.id === id);
  if (recording && isActive(recording)) lose(call, recording);
}

/** The media dialog is gone: its recordings report no more. */
export function loseRecordings(call: Call): void {
  for (const recording of call.snapshot.recordings) if (isActive(recording)) lose(call, recording);
}

function lose(call: Call, recording: RecordingSnapshot): void {
  recording.error ??= {
    code: 'media_server_lost',
    detail: 'The media server let go before it reported the file',
  };
  advanceRecording(call, recording, 'lost');
}
