import type { MsmlOutcome } from '@legato/msml';
import { refusalOf } from '../media-control/dialog-report';
import { beginAnnouncements } from './announcements';
import type { Conference } from './conference';
import type { ParticipantSnapshot } from './conference-snapshot';
import { present } from './conference-snapshot';
import { leaveStreams } from './leave-streams';
import { noteJoined, removeParticipant, tellUpdated } from './participants';
import { beginRecordings } from './recordings';
import { confirmSilence, failSilence } from './silence';
import { isMixed, streamOperations, wantedStreams } from './streams';
import { beginTracks } from './track-sets';

/** Refusals in a row after which a change is not asked for again before the next audit. */
const MAX_REFUSALS = 2;

/**
 * Makes the media server do what is wanted: finds for each participant what differs from what is known to be done, and asks for
 * it. Called after everything that may have changed one or the other.
 */
export function reconcile(conference: Conference): void {
  const { snapshot } = conference;
  if (snapshot.state === 'ending' || snapshot.state === 'ended') return;
  const here = present(snapshot).filter(({ connection }) => connection !== undefined);
  if (here.length > 0) conference.trigger('needed');
  if (snapshot.mixer === 'Idle' && here.some((each) => isMixed(wantedStreams(snapshot, each)))) {
    // When it has been created this is called again.
    conference.trigger('wanted');
    return;
  }
  if (snapshot.mixer !== 'Mixing' && snapshot.mixer !== 'Idle') return;
  for (const participant of here) ask(conference, participant);
  beginAnnouncements(conference);
  beginRecordings(conference);
  beginTracks(conference);
}

/** One request at a time for each participant; its answer calls {@link reconcile} again. */
function ask(conference: Conference, participant: ParticipantSnapshot): void {
  const { connection, pending, refusals, applied } = participant;
  if (connection === undefined || pending || refusals >= MAX_REFUSALS) return;
  const wanted = wantedStreams(conference.snapshot, participant);
  if (wanted.music === '') wanted.music = conference.nextDialogName('music');
  const operations = streamOperations(conference.snapshot, connection, { from: applied, to: wanted });
  if (operations.length === 0) {
    settled(conference, participant);
    return;
  }
  participant.pending = wanted;
  conference.submit(`streams ${participant.id}`, operations);
}

/** What is wanted of a participant is done. */
function settled(conference: Conference, participant: ParticipantSnapshot): void {
  confirmSilence(conference, participant);
  if (participant.state === 'joining') noteJoined(conference, participant);
  else if (participant.unreported) tellUpdated(conference, participant);
}

/** The media server answered a change of somebody's streams. */
export function receiveStreamsOutcome(conference: Conference, id: string, outcome: MsmlOutcome): void {
  const participant = conference.participant(id);
  if (!participant?.pending) return;
  const done = participant.pending;
  const before = participant.applied;
  delete participant.pending;
  if (outcome.ok) {
    participant.applied = done;
    participant.refusals = 0;
    if (participant.state === 'left') leaveStreams(conference, participant);
    else settled(conference, participant);
    if (isMixed(before) && !isMixed(done)) noteEmptied(conference);
  } else refuse(conference, participant, outcome);
  reconcile(conference);
}

/** The media server deletes a conference that nobody is in any more (RFC 5707 §8.3). */
function noteEmptied(conference: Conference): void {
  const isAnybodyMixed = conference.snapshot.participants.some(
    ({ applied, pending }) => isMixed(applied) || (pending !== undefined && isMixed(pending)),
  );
  if (!isAnybodyMixed) conference.trigger('emptied');
}

/** What was refused is looked into by an audit and tried once more; then it is the participant that has to go. */
function refuse(conference: Conference, participant: ParticipantSnapshot, outcome: MsmlOutcome): void {
  if (participant.state === 'left') return;
  participant.refusals += 1;
  // Part of the request may have been carried out (RFC 5707 §5).
  delete participant.applied.whisper;
  delete participant.applied.music;
  if (participant.refusals < MAX_REFUSALS) {
    conference.trigger('doubted');
    return;
  }
  const error = refusalOf(outcome);
  failSilence(conference, participant, error);
  if (participant.state === 'joining') {
    const isGone = outcome.response === '430';
    const reason = isGone ? 'media_lost' : 'failed';
    // A call whose connection the media server does not know can not be heard anywhere.
    removeParticipant(conference, participant, reason, { hangUp: isGone || participant.ownsCall, error });
  } else tellUpdated(conference, participant, error);
}

/** The media server has taken somebody out. */
export function receiveLeaveOutcome(conference: Conference, outcome: MsmlOutcome): void {
  if (outcome.ok) noteEmptied(conference);
  else conference.trigger('doubted');
  reconcile(conference);
}
