import { resumeAnnouncements } from './announcements';
import type { Conference } from './conference';
import { present } from './conference-snapshot';
import { letCallGo, removeParticipant } from './participants';
import { resumeRecordings } from './recordings';
import { finishWhenReleased } from './release';
import { resumeSilence } from './silence';

/**
 * A conference that an earlier process left behind: its control dialog was restored, answers to what it had asked are lost. An audit
 * tells what the media server does, and what is wanted beyond it is asked again.
 */
export function resumeConference(conference: Conference): void {
  const { snapshot, runtime } = conference;
  conference.log('conference.recovered', { state: snapshot.state });
  for (const participant of snapshot.participants) delete participant.pending;
  const { control } = conference;
  if (control) conference.exchange.takeUp((token) => control.repeats(token));
  conference.trigger('taken over');
  // What was to be done with the calls of those who left may not have been.
  for (const participant of snapshot.participants)
    if (participant.state === 'left') letCallGo(conference, participant);
  if (snapshot.state === 'ending') {
    finishWhenReleased(conference);
    return;
  }
  resumeAnnouncements(conference);
  resumeRecordings(conference);
  for (const participant of present(snapshot)) {
    if (!runtime.calls.isAlive(participant.callId)) removeParticipant(conference, participant, 'left');
    else resumeSilence(conference, participant);
  }
}
