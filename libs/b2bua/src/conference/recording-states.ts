import type { RecordingState } from '../use-cases/recording.machine';
import type { ConferenceRecording } from './conference-snapshot';

const FINAL: readonly RecordingState[] = ['completed', 'failed', 'absent'];

/** Whether the recording still owes its outcome. */
export const isRecordingActive = ({ state }: Pick<ConferenceRecording, 'state'>): boolean =>
  !FINAL.includes(state);

/** Whether it has nothing of what is said from now on, until it is told otherwise. */
export const isUnrecorded = (recording: ConferenceRecording): boolean =>
  !isRecordingActive(recording) || recording.state === 'requested' || recording.state === 'paused';
