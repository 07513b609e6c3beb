import type { CallId } from '../call/call-snapshot';
import type { MediaFailure } from '../media-control/dialog-report';
import type { Conference } from './conference';
import type { ParticipantId, ParticipantSnapshot } from './conference-snapshot';
import { isUnrecorded } from './recording-states';
import { isSilent } from './streams';

/** A sensitive collection of somebody's call. */
export interface SecretKeying {
  readonly callId: CallId;
  readonly participant: ParticipantId;
  readonly collect: string;
}

/**
 * Nobody is to hear a participant while its call has a sensitive collection under way: neither those who take part nor what records
 * them. The call is told when that is so, see {@link confirmSilence}.
 */
export function silence(conference: Conference, { callId, participant: id, collect }: SecretKeying): void {
  const participant = conference.participant(id);
  if (participant?.state !== 'joining' && participant?.state !== 'connected') {
    const { snapshot, runtime } = conference;
    const silenced = { callId, participant: id, collects: [collect] };
    runtime.afterStored(snapshot.id, () => runtime.calls.silenced(silenced));
    return;
  }
  const silencedBy = (participant.silencedBy ??= []);
  if (!silencedBy.includes(collect)) silencedBy.push(collect);
  participant.refusals = 0;
  if (participant.connection === undefined) confirmSilence(conference, participant);
  else conference.changed();
}

/** The collection is over: the participant is heard as it is wanted. */
export function hearAgain(conference: Conference, { participant: id, collect }: SecretKeying): void {
  const participant = conference.participant(id);
  if (!participant?.silencedBy?.includes(collect)) return;
  keepSilent(
    participant,
    participant.silencedBy.filter((other) => other !== collect),
  );
  participant.refusals = 0;
  conference.changed();
}

/** What is sensitive in the call of somebody who comes, or whom an earlier process left behind, keeps it silent; nothing else does. */
export function resumeSilence({ runtime }: Conference, participant: ParticipantSnapshot): void {
  keepSilent(participant, runtime.calls.secretsKeyedIn(participant.callId));
}

function keepSilent(participant: ParticipantSnapshot, collects: readonly string[]): void {
  if (collects.length > 0) participant.silencedBy = [...collects];
  else delete participant.silencedBy;
}

/** Tells the call of a silenced participant once nothing of it is heard. */
export function confirmSilence(conference: Conference, participant: ParticipantSnapshot): void {
  const { applied, pending = {} } = participant;
  const tracks = conference.snapshot.recordings.filter(({ track }) => track?.participant === participant.id);
  if (isSilent(applied) && isSilent(pending) && tracks.every(isUnrecorded)) tell(conference, participant);
}

/** The media server does not silence it: what was to be kept from others must not be keyed. */
export const failSilence = (
  conference: Conference,
  participant: ParticipantSnapshot,
  error: MediaFailure,
): void => tell(conference, participant, error);

function tell(
  { snapshot, runtime }: Conference,
  { id, callId, silencedBy }: ParticipantSnapshot,
  error?: MediaFailure,
): void {
  if (!silencedBy) return;
  const silenced = { callId, participant: id, collects: [...silencedBy], ...(error && { error }) };
  runtime.afterStored(snapshot.id, () => runtime.calls.silenced(silenced));
}
