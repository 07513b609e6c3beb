import type { Conference } from '../conference/conference';
import type { ConferenceSnapshot } from '../conference/conference-snapshot';
import { present } from '../conference/conference-snapshot';
import type { CommandRefused } from '../registry/call-control';
import { conflict } from './command-refusals';

export const conferenceNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'conference_not_found',
  detail: 'No conference of this id is known',
};

export const participantNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'participant_not_found',
  detail: 'The conference has no participant of this id',
};

export const elsewhere = (name: string): CommandRefused =>
  conflict('conference_elsewhere', `Another node has the conference ${name}`);

export function hasEnded({ snapshot }: Conference): CommandRefused | undefined {
  const { state } = snapshot;
  const isOver = state === 'ending' || state === 'ended';
  return isOver ? conflict('conference_ended', `The conference is ${state}`) : undefined;
}

/** Whether somebody else may come; undefined when so. */
export function notOpen(conference: Conference): CommandRefused | undefined {
  const { snapshot } = conference;
  const ended = hasEnded(conference);
  if (ended) return ended;
  if (snapshot.state === 'locked') return conflict('conference_locked', 'The conference is locked');
  const { maxParticipants } = snapshot.options;
  if (present(snapshot).length < maxParticipants) return undefined;
  return conflict('conference_full', `The conference has its ${maxParticipants} participants`);
}

export const stateRefused = ({ state }: ConferenceSnapshot): CommandRefused =>
  conflict('conference_not_active', `The conference is ${state}`);
