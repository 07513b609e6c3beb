import type { MsmlOperation } from '@legato/msml';
import type { Call } from '../call/call';
import type { RecordingPause, RecordingSnapshot } from '../call/call-snapshot';
import { pauseOperations } from '../media-control/record-requests';
import { recordDialogId } from '../media-control/recorded-audio';
import { advanceRecording, comparePause, isActive, SENSITIVE } from './recording-life';

/** Pauses a recording, now or as soon as it runs. */
export function pauseRecording(call: Call, recording: RecordingSnapshot, pause: RecordingPause): void {
  recording.pause = pause;
  comparePause(call, recording);
}

export function resumeRecording(call: Call, recording: RecordingSnapshot): void {
  delete recording.pause;
  comparePause(call, recording);
}

/** Whether no recording is on its way from one state to another. */
export const areRecordingsSteady = ({ snapshot }: Call): boolean =>
  !snapshot.recordings.some(({ state }) => ['starting', 'pausing', 'resuming'].includes(state));

/**
 * Every running recording is to be silent while `reason`, a collection, is under way. Answers what the request that starts it
 * has to say first: when that is refused, nothing is collected.
 */
export function silenceRecordings(call: Call, reason: string): MsmlOperation[] {
  return call.snapshot.recordings.filter(isActive).flatMap((recording) => {
    const silencedBy = (recording.silencedBy ??= []);
    if (!silencedBy.includes(reason)) silencedBy.push(reason);
    const isAudible = recording.state === 'recording' || recording.state === 'pausing';
    if (!isAudible) return [];
    recording.paused = SENSITIVE;
    advanceRecording(call, recording, 'silenced');
    return pauseOperations(recordDialogId(call, recording), SENSITIVE.mode, SENSITIVE.reason);
  });
}

/** The request that said so has been answered. */
export function recordingsSilenced(call: Call, reason: string): void {
  for (const recording of call.snapshot.recordings)
    if (recording.silencedBy?.includes(reason)) advanceRecording(call, recording, 'pause done');
}

/** The collection is over: recordings go on, unless something else keeps them paused. */
export function unsilenceRecordings(call: Call, reason: string): void {
  for (const recording of call.snapshot.recordings) {
    if (!recording.silencedBy?.includes(reason)) continue;
    recording.silencedBy = recording.silencedBy.filter((other) => other !== reason);
    comparePause(call, recording);
  }
}
