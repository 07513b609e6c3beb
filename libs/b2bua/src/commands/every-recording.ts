import type { RecordingPause } from '../call/call-snapshot';
import type { RecordingView } from '../call/recording-view';
import type { Conference } from '../conference/conference';
import type { ConferenceReader } from '../conference/conference-reader';
import type { ConferenceRegistry } from '../conference/conference-registry';
import type { ConferenceRecording, TrackSetSnapshot } from '../conference/conference-snapshot';
import { conferenceRecordingView } from '../conference/conference-view';
import { isRecordingActive } from '../conference/recording-states';
import { pauseRecording, resumeRecording, stopRecording } from '../conference/recordings';
import { pauseTrackSet, stopTrackSet } from '../conference/track-sets';
import type { CommandRefused } from '../registry/call-control';
import type { CallReader } from '../registry/call-reader';
import type { CallRegistry } from '../registry/call-registry';
import type { RecordingIndex } from '../registry/recording-index';
import { CallRecordings, recordingEnded, recordingNotFound } from './recording-commands';

export interface EveryRecordingOptions {
  readonly registry: CallRegistry;
  readonly reader: CallReader;
  readonly index: RecordingIndex;
  readonly conferences: ConferenceRegistry;
  readonly conferenceReader: ConferenceReader;
}

/** What a command means for a recording of the mix or a track, and for one with tracks. */
interface Change {
  recording(conference: Conference, recording: ConferenceRecording): void;
  trackSet(conference: Conference, set: TrackSetSnapshot): void;
}

const STOP: Change = { recording: stopRecording, trackSet: stopTrackSet };
const RESUME: Change = {
  recording: resumeRecording,
  trackSet: (conference, set) => pauseTrackSet(conference, set),
};
const pauseBy = (pause: RecordingPause): Change => ({
  recording: (conference, recording) => pauseRecording(conference, recording, pause),
  trackSet: (conference, set) => pauseTrackSet(conference, set, pause),
});

/** Recordings by their own id, of calls and of conferences. */
export class EveryRecording extends CallRecordings {
  constructor(private readonly both: EveryRecordingOptions) {
    super(both);
  }

  override async stopRecording(recordingId: string): Promise<RecordingView | CommandRefused> {
    return (await this.changeOfConference(recordingId, STOP)) ?? super.stopRecording(recordingId);
  }

  override async pauseRecording(
    recordingId: string,
    pause: RecordingPause,
  ): Promise<RecordingView | CommandRefused> {
    const answer = await this.changeOfConference(recordingId, pauseBy(pause), notRunning);
    return answer ?? super.pauseRecording(recordingId, pause);
  }

  override async resumeRecording(recordingId: string): Promise<RecordingView | CommandRefused> {
    const answer = await this.changeOfConference(recordingId, RESUME, notRunning);
    return answer ?? super.resumeRecording(recordingId);
  }

  /** Undefined for a recording of no conference. One that has ended stays as it is. */
  private async changeOfConference(
    recordingId: string,
    change: Change,
    refusal: (recording: ConferenceRecording | TrackSetSnapshot) => CommandRefused | undefined = () =>
      undefined,
  ): Promise<RecordingView | CommandRefused | undefined> {
    const conferenceId = await this.conferenceOf(recordingId);
    if (conferenceId === undefined) return undefined;
    const answer = await this.both.conferences.ask(conferenceId, (conference) => {
      const { recordings, trackSets = [] } = conference.snapshot;
      const recording = recordings.find(({ id }) => id === recordingId);
      const set = trackSets.find(({ id }) => id === recordingId);
      const found = recording ?? set;
      const refused = found && refusal(found);
      if (refused) return refused;
      if (recording) change.recording(conference, recording);
      if (set) change.trackSet(conference, set);
      return conferenceRecordingView(conference.snapshot, recordingId) ?? recordingNotFound;
    });
    return answer ?? this.getRecording(recordingId);
  }

  override async getRecording(recordingId: string): Promise<RecordingView | undefined> {
    const conferenceId = await this.conferenceOf(recordingId);
    if (conferenceId === undefined) return super.getRecording(recordingId);
    const snapshot = await this.both.conferenceReader.snapshot(conferenceId);
    const view = snapshot && conferenceRecordingView(snapshot, recordingId);
    return view && this.both.reader.withFate(view);
  }

  private async conferenceOf(recordingId: string): Promise<string | undefined> {
    const owner = await this.both.reader.callOfRecording(recordingId);
    return owner !== undefined && this.both.conferences.owns(owner) ? owner : undefined;
  }
}

function notRunning(recording: ConferenceRecording | TrackSetSnapshot): CommandRefused | undefined {
  const { state } = recording;
  return isRecordingActive(recording) && state !== 'stopping' ? undefined : recordingEnded(state);
}
