import { arrowFor } from '@legato/kernel';
import type { Call } from '../call/call';
import type { RecordingPause, RecordingSnapshot } from '../call/call-snapshot';
import { recordingExitTimer } from '../call/call-timer-names';
import { pauseOperations, resumeOperations, stopRecordOperations } from '../media-control/record-requests';
import { conferenceName, isMixed, recordDialogId, startOperations } from '../media-control/recorded-audio';
import type { RecordingAction, RecordingState, RecordingTrigger } from './recording.machine';
import { recordingMachine } from './recording.machine';
import { keepResults } from './recording-results';

const FINAL: readonly RecordingState[] = ['completed', 'failed', 'absent'];

/** Whether the recording still owes its outcome. */
export const isActive = (recording: RecordingSnapshot): boolean => !FINAL.includes(recording.state);

/** What events say of a recording. */
export const describeRecording = (recording: RecordingSnapshot) => ({
  recording_id: recording.id,
  channels: recording.channels,
  duration_ms: recording.durationMs,
  error: recording.error,
});

const logged = (type: string) => (call: Call, recording: RecordingSnapshot) => {
  if (!isActive(recording)) recording.endedAt = call.runtime.clock.wallTime();
  call.log(type, describeRecording(recording));
};

const actions: Readonly<Record<RecordingAction, (call: Call, recording: RecordingSnapshot) => void>> = {
  'send dialogstart': (call, recording) => {
    call.mediaDialogs.watch(recordDialogId(call, recording));
    call.submit('caller media', `record start ${recording.id}`, startOperations(call, recording));
    if (isMixed(recording)) {
      call.snapshot.conference = conferenceName(call);
      call.mediaDialogs.attend(call.snapshot.conference);
    }
  },
  'send pause': (call, recording) => {
    const pause = wantedPause(recording) ?? recording.paused;
    if (!pause) return;
    const dialog = recordDialogId(call, recording);
    // A media server that pauses one way has to go on before it can pause the other way.
    const goOn = recording.paused && recording.paused.mode !== pause.mode ? resumeOperations(dialog) : [];
    recording.paused = pause;
    const operations = [...goOn, ...pauseOperations(dialog, pause.mode, pause.reason)];
    call.submit('caller media', `record pause ${recording.id}`, operations);
  },
  'send resume': (call, recording) => {
    const operations = resumeOperations(recordDialogId(call, recording));
    call.submit('caller media', `record resume ${recording.id}`, operations);
  },
  'compare pause': (call, recording) => comparePause(call, recording),
  'log recording.paused': (call, recording) => {
    const { mode, reason } = recording.paused ?? { mode: 'silence' };
    call.log('recording.paused', { ...describeRecording(recording), mode, reason });
  },
  'log recording.resumed': (call, recording) => {
    delete recording.paused;
    call.log('recording.resumed', describeRecording(recording));
  },
  'send dialogend': (call, recording) => {
    const operations = stopRecordOperations(recordDialogId(call, recording), recording.trim);
    call.submit('caller media', `record stop ${recording.id}`, operations);
    // The file has to be reported in time, too.
    call.startTimer(recordingExitTimer(recording.id), call.runtime.timings.recordingReportMs);
  },
  'keep results': (_call, recording) => keepResults(recording),
  'log recording.started': (call, recording) => {
    recording.startedAt = call.runtime.clock.wallTime();
    call.log('recording.started', describeRecording(recording));
  },
  'log recording.stopped': (call, recording) => call.log('recording.stopped', describeRecording(recording)),
  'log recording.completed': (call, recording) =>
    recording.error ? fail(call, recording) : logged(completion(call.runtime))(call, recording),
  'log recording.failed': logged('recording.failed'),
  'log recording.absent': logged('recording.absent'),
};

/** What is told of a finished file: where there is an archive, it is complete when it is there. */
export const completion = ({ archivesRecordings }: { readonly archivesRecordings: boolean }) =>
  archivesRecordings ? 'recording.processing' : 'recording.completed';

/** The media server called it complete, but what it reported says otherwise. */
function fail(call: Call, recording: RecordingSnapshot): void {
  recording.state = 'failed';
  logged('recording.failed')(call, recording);
}

/** Takes the arrow of `what`, if there is one. */
export function advanceRecording(call: Call, recording: RecordingSnapshot, what: RecordingTrigger): void {
  const arrow = arrowFor(recordingMachine, recording.state, what);
  if (!arrow) return;
  recording.state = arrow.to;
  for (const action of arrow.do) actions[action](call, recording);
  if (isActive(recording)) return;
  call.mediaDialogs.forget(recordDialogId(call, recording));
  call.stopTimer(recordingExitTimer(recording.id));
  const { id, state, error } = recording;
  call.mediaWorkFinished({ kind: 'recording', id, outcome: state, ...(error && { error }) });
  call.recordingSettled();
}

/** How a recording is paused while something sensitive is keyed. */
export const SENSITIVE: RecordingPause = { mode: 'silence', reason: 'sensitive' };

/** How the recording should be paused now. */
const wantedPause = ({ silencedBy = [], pause }: RecordingSnapshot): RecordingPause | undefined =>
  silencedBy.length > 0 ? SENSITIVE : pause;

/** Tells the media server where it differs from what is wanted: pauses come and go while requests are under way. */
export function comparePause(call: Call, recording: RecordingSnapshot): void {
  const wanted = wantedPause(recording);
  if (!wanted) advanceRecording(call, recording, 'resume');
  else if (recording.state === 'recording' || wanted.mode !== recording.paused?.mode)
    advanceRecording(call, recording, 'pause');
}
