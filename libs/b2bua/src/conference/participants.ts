import type { CallId, LegRole } from '../call/call-snapshot';
import type { MediaFailure } from '../media-control/dialog-report';
import type { Conference } from './conference';
import type { LeftReason, ParticipantId, ParticipantRole, ParticipantSnapshot } from './conference-snapshot';
import { mixerId, present } from './conference-snapshot';
import { EMPTY_TIMER } from './conference-timers';
import { leaveStreams } from './leave-streams';
import { resumeSilence } from './silence';
import { toneOperations } from './streams';
import { stopTracksOf } from './track-sets';

/** Those who have left and can still be read. */
const LEFT_KEPT = 500;

/** Somebody who is to take part. */
export interface Arrival {
  readonly id: ParticipantId;
  readonly callId: CallId;
  readonly leg: LegRole;
  readonly uri: string;
  readonly role: ParticipantRole;
  readonly ownsCall: boolean;
  readonly muted?: boolean;
  readonly deaf?: boolean;
  readonly hold?: boolean;
  readonly gainDb?: number;
  readonly coachOf?: ParticipantId;
}

/** What can be changed of somebody; `coachOf: null` makes a coach a participant like the others. */
export interface ParticipantChange {
  readonly muted?: boolean;
  readonly deaf?: boolean;
  readonly hold?: boolean;
  readonly gainDb?: number;
  readonly coachOf?: ParticipantId | null;
}

export const describeParticipant = (participant: ParticipantSnapshot) => ({
  participant_id: participant.id,
  call_id: participant.callId,
  role: participant.role,
});

const describeWanted = ({ muted, deaf, hold, gainDb, coachOf }: ParticipantSnapshot) => ({
  muted,
  deaf,
  hold,
  gain_db: gainDb,
  coach_of: coachOf,
});

/** Takes somebody in whose call may not have been answered yet. */
export function admit(conference: Conference, arrival: Arrival): ParticipantSnapshot {
  const { snapshot, runtime } = conference;
  const { muted = false, deaf = false, hold = false, gainDb = 0, ...who } = arrival;
  const participant: ParticipantSnapshot = {
    ...who,
    createdAt: runtime.clock.wallTime(),
    state: 'joining',
    muted,
    deaf,
    hold,
    gainDb,
    speaking: false,
    applied: {},
    refusals: 0,
  };
  resumeSilence(conference, participant);
  snapshot.participants.push(participant);
  const left = snapshot.participants.filter(({ state }) => state === 'left');
  const oldest = left.length > LEFT_KEPT ? left[0] : undefined;
  if (oldest) snapshot.participants = snapshot.participants.filter((other) => other !== oldest);
  conference.stopTimer(EMPTY_TIMER);
  return participant;
}

/** The call of a participant is answered: its connection can be joined. */
export function arrive(
  conference: Conference,
  participant: ParticipantSnapshot,
  media: { readonly connection: string; readonly mediaServer: string },
): void {
  const { snapshot } = conference;
  if (participant.state === 'left' || participant.connection !== undefined) return;
  snapshot.mediaServer ??= media.mediaServer;
  if (snapshot.mediaServer !== media.mediaServer) {
    const detail = `Its media are at ${media.mediaServer}, those of the conference at ${snapshot.mediaServer}`;
    const error = { code: 'media_server_differs', detail };
    removeParticipant(conference, participant, 'failed', { hangUp: participant.ownsCall, error });
    return;
  }
  participant.connection = media.connection;
  if (snapshot.options.startOn === 'join' || participant.role === 'host') conference.move('start');
  conference.changed();
}

/** Everything that is wanted of a newcomer is done. */
export function noteJoined(conference: Conference, participant: ParticipantSnapshot): void {
  participant.state = 'connected';
  participant.joinedAt = conference.runtime.clock.wallTime();
  delete participant.unreported;
  conference.log('participant.joined', {
    ...describeParticipant(participant),
    ...describeWanted(participant),
    waiting: conference.snapshot.state === 'created',
  });
  if (conference.snapshot.options.tones.enter) playTone(conference, 'enter');
}

export function tellUpdated(
  conference: Conference,
  participant: ParticipantSnapshot,
  error?: MediaFailure,
): void {
  delete participant.unreported;
  conference.log('participant.updated', {
    ...describeParticipant(participant),
    ...describeWanted(participant),
    error,
  });
}

export function change(
  conference: Conference,
  participant: ParticipantSnapshot,
  { coachOf, ...flags }: ParticipantChange,
): void {
  Object.assign(participant, flags);
  if (coachOf === null) delete participant.coachOf;
  else if (coachOf !== undefined) participant.coachOf = coachOf;
  participant.unreported = true;
  participant.refusals = 0;
  delete participant.silentHold;
  conference.changed();
}

/** Somebody is no longer there: of itself, or because it has to go; `hangUp` ends its call. */
export function removeParticipant(
  conference: Conference,
  participant: ParticipantSnapshot,
  reason: LeftReason,
  { hangUp = false, error }: { readonly hangUp?: boolean; readonly error?: MediaFailure } = {},
): void {
  const { snapshot, runtime } = conference;
  if (participant.state === 'left') return;
  const wasConnected = participant.state === 'connected';
  Object.assign(participant, { state: 'left', leftAt: runtime.clock.wallTime(), leftReason: reason });
  participant.speaking = false;
  if (error) participant.error = error;
  if (hangUp) participant.hungUp = true;
  conference.log('participant.left', { ...describeParticipant(participant), reason, error });
  stopTracksOf(conference, participant);
  // The connection takes its streams along when its call ends.
  if (!hangUp && runtime.calls.isAlive(participant.callId)) leaveStreams(conference, participant);
  else participant.applied = {};
  runtime.afterStored(snapshot.id, () => letCallGo(conference, participant));
  if (wasConnected && snapshot.options.tones.leave) playTone(conference, 'leave');
  endWhenDeserted(conference, participant);
  conference.changed();
}

/** Ends the call of somebody who has left, or leaves it to itself. */
export function letCallGo({ runtime }: Conference, { id, callId, hungUp }: ParticipantSnapshot): void {
  if (hungUp) runtime.calls.hangUp(callId, id);
  else runtime.calls.release(callId, id);
}

function endWhenDeserted(conference: Conference, left: ParticipantSnapshot): void {
  const { snapshot } = conference;
  const others = present(snapshot);
  const { endOn, lingerMs } = snapshot.options;
  if (endOn === 'host' && left.role === 'host' && snapshot.state !== 'created') {
    if (!others.some(({ role }) => role === 'host')) conference.end('host_left');
  }
  if (others.length > 0) return;
  if (lingerMs === 0) conference.end('empty');
  else if (snapshot.state !== 'ending' && snapshot.state !== 'ended')
    conference.startTimer(EMPTY_TIMER, lingerMs);
}

/** Nobody needs to know when a tone can not be played. */
function playTone(conference: Conference, kind: 'enter' | 'leave'): void {
  const { snapshot } = conference;
  const listeners = present(snapshot).length - (kind === 'enter' ? 1 : 0);
  if (snapshot.mixer !== 'Mixing' || snapshot.state === 'ending' || listeners < 1) return;
  const name = conference.nextDialogName('tone');
  conference.submit('tone', toneOperations(mixerId(snapshot), name, kind));
}

/** Who speaks now, by connection (RFC 5707 §8.6.2). */
export function noteSpeakers(conference: Conference, connections: readonly string[]): void {
  for (const participant of present(conference.snapshot)) {
    const { connection } = participant;
    const speaking = connection !== undefined && connections.includes(connection);
    if (speaking === participant.speaking) continue;
    participant.speaking = speaking;
    conference.log('participant.speaking', { ...describeParticipant(participant), speaking });
  }
}
