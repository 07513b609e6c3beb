import type { RecordingPause, RecordingSnapshot } from '../call/call-snapshot';
import type { RecordingView } from '../call/recording-view';
import type { Conference } from '../conference/conference';
import type { ConferenceReader } from '../conference/conference-reader';
import type { ConferenceRegistry } from '../conference/conference-registry';
import { mixRecordingView } from '../conference/conference-view';
import { isRecordingActive, pauseRecording, resumeRecording, stopRecording } from '../conference/recordings';
import type { CommandRefused } from '../registry/call-control';
import type { CallReader } from '../registry/call-reader';
import type { CallRegistry } from '../registry/call-registry';
import type { RecordingIndex } from '../registry/recording-index';
import { conflict } from './command-refusals';
import { CallRecordings } from './recording-commands';

export interface EveryRecordingOptions {
  readonly registry: CallRegistry;
  readonly reader: CallReader;
  readonly index: RecordingIndex;
  readonly conferences: ConferenceRegistry;
  readonly conferenceReader: ConferenceReader;
}

/** Recordings by their own id, of calls and of the mix of conferences. */
export class EveryRecording extends CallRecordings {
  constructor(private readonly both: EveryRecordingOptions) {
    super(both);
  }

  override async stopRecording(recordingId: string): Promise<RecordingView | CommandRefused> {
    const mix = await this.changeMix(recordingId, (conference, recording) => {
      stopRecording(conference, recording);
      return undefined;
    });
    return mix ?? super.stopRecording(recordingId);
  }

  override async pauseRecording(
    recordingId: string,
    pause: RecordingPause,
  ): Promise<RecordingView | CommandRefused> {
    const mix = await this.changeMix(recordingId, (conference, recording) => {
      const ended = notRunning(recording);
      if (!ended) pauseRecording(conference, recording, pause);
      return ended;
    });
    return mix ?? super.pauseRecording(recordingId, pause);
  }

  override async resumeRecording(recordingId: string): Promise<RecordingView | CommandRefused> {
    const mix = await this.changeMix(recordingId, (conference, recording) => {
      const ended = notRunning(recording);
      if (!ended) resumeRecording(conference, recording);
      return ended;
    });
    return mix ?? super.resumeRecording(recordingId);
  }

  /** Undefined for a recording of no conference. One that has ended stays as it is. */
  private async changeMix(
    recordingId: string,
    change: (conference: Conference, recording: RecordingSnapshot) => CommandRefused | undefined,
  ): Promise<RecordingView | CommandRefused | undefined> {
    const conferenceId = await this.conferenceOf(recordingId);
    if (conferenceId === undefined) return undefined;
    const answer = await this.both.conferences.ask(conferenceId, (conference) => {
      const recording = conference.snapshot.recordings.find(({ id }) => id === recordingId);
      if (!recording) return undefined;
      return change(conference, recording) ?? mixRecordingView(conference.snapshot, recording);
    });
    return answer ?? this.getRecording(recordingId);
  }

  override async getRecording(recordingId: string): Promise<RecordingView | undefined> {
    const conferenceId = await this.conferenceOf(recordingId);
    if (conferenceId === undefined) return super.getRecording(recordingId);
    const snapshot = await this.both.conferenceReader.snapshot(conferenceId);
    const recording = snapshot?.recordings.find(({ id }) => id === recordingId);
    return snapshot && recording && this.both.reader.withFate(mixRecordingView(snapshot, recording));
  }

  private async conferenceOf(recordingId: string): Promise<string | undefined> {
    const owner = await this.both.reader.callOfRecording(recordingId);
    return owner !== undefined && this.both.conferences.owns(owner) ? owner : undefined;
  }
}

function notRunning(recording: RecordingSnapshot): CommandRefused | undefined {
  const { state } = recording;
  if (isRecordingActive(recording) && state !== 'stopping') return undefined;
  return conflict('recording_ended', `The recording is ${state}`);
}
