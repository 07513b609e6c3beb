import type { Call } from '../call/call';
import type { RecordingPause, RecordingSnapshot } from '../call/call-snapshot';
import type { RecordingView } from '../call/recording-view';
import { recordingView } from '../call/recording-view';
import type { CommandRefused } from '../registry/call-control';
import type { CallReader } from '../registry/call-reader';
import type { CallRegistry } from '../registry/call-registry';
import type { RecordingFate, RecordingIndex } from '../registry/recording-index';
import { pauseRecording, resumeRecording } from '../use-cases/pause-recording';
import type { RecordingRequest } from '../use-cases/record';
import { requestRecording, stopRecording } from '../use-cases/record';
import { isActive } from '../use-cases/recording-life';
import { callNotFound, conflict, notConnected } from './command-refusals';

/** What can be asked of recordings; each command goes through the mailbox of its call. */
export interface RecordingCommands {
  startRecording(callId: string, request: RecordingRequest): Promise<RecordingView | CommandRefused>;
  /** What is wanted holds from now on, also for a recording that has yet to begin. */
  pauseRecording(recordingId: string, pause: RecordingPause): Promise<RecordingView | CommandRefused>;
  resumeRecording(recordingId: string): Promise<RecordingView | CommandRefused>;
  stopRecording(recordingId: string): Promise<RecordingView | CommandRefused>;
  getRecording(id: string): Promise<RecordingView | undefined>;
  listRecordings(callId: string): Promise<RecordingView[] | undefined>;
  /** The file of a finished recording is gone for good; `at` in milliseconds since the epoch. */
  noteDeleted(recordingId: string, at: number): Promise<RecordingView | CommandRefused>;
  /** The file of a finished recording is in the archive. */
  noteStored(
    recordingId: string,
    stored: { readonly at: number; readonly object: string },
  ): Promise<RecordingView | CommandRefused>;
}

export const recordingNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'recording_not_found',
  detail: 'No recording of this id is known',
};

export const recordingEnded = (state: string): CommandRefused =>
  conflict('recording_ended', `The recording is ${state}`);

function notRecordable(call: Call, { leg }: RecordingRequest): CommandRefused | undefined {
  const refusal = notConnected(call.snapshot);
  if (refusal || leg === undefined || call.usage(leg)) return refusal;
  return conflict('leg_not_connected', `The call has no ${leg} that could be recorded`);
}

/** The recordings of this node's calls, and those that the store still knows of. */
export class CallRecordings implements RecordingCommands {
  constructor(
    private readonly options: {
      readonly registry: CallRegistry;
      readonly reader: CallReader;
      readonly index: RecordingIndex;
    },
  ) {}

  async startRecording(callId: string, request: RecordingRequest): Promise<RecordingView | CommandRefused> {
    const { registry, reader } = this.options;
    const answer = await registry.ask(
      callId,
      (call) => notRecordable(call, request) ?? recordingView(call.snapshot, requestRecording(call, request)),
    );
    if (answer) return answer;
    return (await reader.call(callId)) ? conflict('call_ended', 'The call has ended') : callNotFound;
  }

  stopRecording(recordingId: string): Promise<RecordingView | CommandRefused> {
    return this.change(recordingId, stopRecording);
  }

  pauseRecording(recordingId: string, pause: RecordingPause): Promise<RecordingView | CommandRefused> {
    return this.changeRunning(recordingId, (call, recording) => pauseRecording(call, recording, pause));
  }

  resumeRecording(recordingId: string): Promise<RecordingView | CommandRefused> {
    return this.changeRunning(recordingId, resumeRecording);
  }

  private changeRunning(
    recordingId: string,
    change: (call: Call, recording: RecordingSnapshot) => void,
  ): Promise<RecordingView | CommandRefused> {
    return this.change(recordingId, (call, recording) => {
      if (!isActive(recording) || recording.state === 'stopping') return recordingEnded(recording.state);
      return change(call, recording);
    });
  }

  private async change(
    recordingId: string,
    change: (call: Call, recording: RecordingSnapshot) => CommandRefused | void,
  ): Promise<RecordingView | CommandRefused> {
    const { registry, reader } = this.options;
    const callId = await reader.callOfRecording(recordingId);
    if (callId === undefined) return recordingNotFound;
    const answer = await registry.ask(callId, (call) => {
      const recording = call.snapshot.recordings.find(({ id }) => id === recordingId);
      if (!recording) return recordingNotFound;
      return change(call, recording) ?? recordingView(call.snapshot, recording);
    });
    if (answer) return answer;
    return (await reader.recording(recordingId)) ?? recordingNotFound;
  }

  getRecording(id: string): Promise<RecordingView | undefined> {
    return this.options.reader.recording(id);
  }

  async listRecordings(callId: string): Promise<RecordingView[] | undefined> {
    const { reader } = this.options;
    const snapshot = await reader.snapshot(callId);
    const views = snapshot?.recordings.map((recording) => recordingView(snapshot, recording));
    return views && Promise.all(views.map((view) => reader.withFate(view)));
  }

  async noteDeleted(recordingId: string, at: number): Promise<RecordingView | CommandRefused> {
    return this.note(recordingId, { state: 'deleted', at }, 'recording.deleted');
  }

  async noteStored(recordingId: string, stored: { at: number; object: string }) {
    return this.note(recordingId, { state: 'stored', ...stored }, 'recording.completed');
  }

  private async note(
    recordingId: string,
    fate: RecordingFate,
    type: 'recording.deleted' | 'recording.completed',
  ): Promise<RecordingView | CommandRefused> {
    const view = await this.getRecording(recordingId);
    if (!view) return recordingNotFound;
    if (!isFinished(view)) return conflict('recording_not_ended', `The recording is ${view.state}`);
    const { call_id, conference_id, channels, duration_ms } = view;
    const data = { call_id, conference_id, recording_id: recordingId, channels, duration_ms };
    if (view.state !== 'deleted') await this.options.index.note(recordingId, fate, { type, data });
    return (await this.getRecording(recordingId)) ?? recordingNotFound;
  }
}

const FINISHED: readonly RecordingView['state'][] = [
  'processing',
  'completed',
  'failed',
  'absent',
  'deleted',
];

const isFinished = ({ state }: RecordingView): boolean => FINISHED.includes(state);
