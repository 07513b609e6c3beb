import { loseAnnouncements, stopAnnouncements } from './announcements';
import type { Conference } from './conference';
import { present } from './conference-snapshot';
import { RELEASE_TIMER, REPORT_TIMER } from './conference-timers';
import { removeParticipant } from './participants';
import { isRecordingActive } from './recording-states';
import { loseEveryRecording, stopEveryRecording } from './track-sets';

/**
 * Lets go of everything: the calls of the participants at once, the media server when it has reported the recordings that were
 * running, so that no file is lost.
 */
export function release(conference: Conference): void {
  const { snapshot, runtime } = conference;
  conference.startTimer(RELEASE_TIMER, runtime.timings.releaseMs);
  for (const participant of present(snapshot)) {
    removeParticipant(conference, participant, 'ended', { hangUp: snapshot.keepsCalls !== true });
  }
  stopAnnouncements(conference);
  stopEveryRecording(conference);
  if (snapshot.recordings.some(isRecordingActive))
    conference.startTimer(REPORT_TIMER, runtime.timings.recordingReportMs);
  releaseMixer(conference);
}

/** Once nothing is to be reported any more, the conference on the media server and the control dialog go. */
export function releaseMixer(conference: Conference): void {
  const { snapshot } = conference;
  if (snapshot.state !== 'ending') return;
  if (snapshot.recordings.some(isRecordingActive) && REPORT_TIMER in snapshot.timers) return;
  conference.stopTimer(REPORT_TIMER);
  conference.trigger('end');
}

/** The conference is over when its media server has let go of it and each of its dialogs has ended. */
export function finishWhenReleased(conference: Conference): void {
  const { snapshot } = conference;
  if (snapshot.state !== 'ending' || snapshot.mixer !== 'Closed') return;
  if (conference.openUsageList().length > 0) return;
  conference.move('released');
}

/** The media server had its time: what is left is forgotten. */
export function letGo(conference: Conference): void {
  conference.dropUsages();
  loseAnnouncements(conference);
  loseEveryRecording(conference);
  conference.snapshot.mixer = 'Closed';
  finishWhenReleased(conference);
}
