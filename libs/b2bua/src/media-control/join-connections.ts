import type { Call } from '../call/call';
import type { LegRole, MediaRole } from '../call/call-snapshot';
import { LEG_ROLES, mediaOf } from '../call/call-snapshot';
import type { PartyAudio } from './party-audio';
import { audioChanges, wishesOf } from './party-audio';

/** MSML's name of the connection that a media dialog stands for: the media server's To tag (RFC 5707 §6.2). */
export function connectionId(call: Call, role: MediaRole): string {
  return `conn:${call.usage(role)?.state.dialog?.remoteTag ?? ''}`;
}

/** Parties whose media are at the media server; one that is being called for the call is not there yet. */
export function presentLegs(call: Call): readonly LegRole[] {
  const isBridging = call.snapshot.procedure?.name === 'bridge';
  return LEG_ROLES.filter((leg) => call.usage(mediaOf(leg)) && !(isBridging && leg === 'callee'));
}

/** Whose audio has to go where now. */
export function audioOf(call: Call, legs: readonly LegRole[] = presentLegs(call)): PartyAudio {
  const { conference } = call.snapshot;
  return {
    connections: Object.fromEntries(legs.map((leg) => [leg, connectionId(call, mediaOf(leg))])),
    ...(conference === undefined ? {} : { conference: `conf:${conference}` }),
    ...wishesOf(call.snapshot),
  };
}

/** The token of the request that joins the parties. */
export const JOIN = 'join';

/** Lets the second party hear the first, and the other way round (RFC 5707 §8.8); triggers 'joined' or 'join refused'. */
export function joinConnections(call: Call): void {
  const operations = audioChanges(audioOf(call, ['caller']), audioOf(call, LEG_ROLES));
  if (operations.length > 0) call.submit('caller media', JOIN, operations);
  else call.trigger('joined');
}
