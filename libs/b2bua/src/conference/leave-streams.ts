import type { Conference } from './conference';
import type { ParticipantSnapshot } from './conference-snapshot';
import { isMixed, streamOperations } from './streams';

/** Takes somebody who has left out of everything; what has gone already is no matter. */
export function leaveStreams(conference: Conference, participant: ParticipantSnapshot): void {
  const { connection, applied, pending } = participant;
  const { mixer } = conference.snapshot;
  // Its answer comes first.
  if (pending || connection === undefined || (mixer !== 'Mixing' && mixer !== 'Idle')) return;
  const operations = streamOperations(conference.snapshot, connection, { from: applied, to: {} });
  const wasMixed = isMixed(applied);
  participant.applied = {};
  if (operations.length > 0) conference.submit(wasMixed ? 'leave' : 'tidy', operations);
}
