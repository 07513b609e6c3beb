import type { Call } from '../call/call';
import type { CallSnapshot, LegRole } from '../call/call-snapshot';
import type { CommandRefused } from '../registry/call-control';
import { hasMediaWork } from '../use-cases/media-work';
import { conflict, notConnected } from './command-refusals';

/** The caller has to ring at an application; undefined when it does. */
export function notWaiting({ state, procedure }: CallSnapshot): CommandRefused | undefined {
  if (state === 'ending' || state === 'ended') return conflict('call_ended', `The call is ${state}`);
  if (procedure?.name === 'connect-media' && procedure.state === 'Ringing application') return undefined;
  return conflict('call_not_waiting', `The call is ${state}`);
}

/** Nothing else may be changing the call; undefined when nothing is. */
export function busy({ procedure, relays, command, hold }: CallSnapshot): CommandRefused | undefined {
  const negotiates = relays.some(({ kind }) => kind === 're-INVITE');
  const isHolding = hold !== undefined && hold.state !== 'held';
  if (!procedure && !negotiates && !command && !isHolding) return undefined;
  return conflict(
    'call_busy',
    `Under way: ${procedure?.name ?? command?.name ?? hold?.state ?? 're-INVITE'}`,
  );
}

/** The call has to be one of one party, and in nobody else's hands; undefined when it is. */
export function notAlone(snapshot: CallSnapshot): CommandRefused | undefined {
  if (snapshot.roles.callee !== undefined) return conflict('call_bridged', 'The call has two parties');
  if (snapshot.conferenceMembership)
    return conflict(
      'media_in_use',
      `The call is in the conference ${snapshot.conferenceMembership.conference}`,
    );
  return busy(snapshot);
}

export const isHeld = ({ hold }: CallSnapshot): boolean =>
  hold?.state === 'held' || hold?.state === 'holding';

/** The call has to connect two parties; undefined when it does. */
export function notBridged(snapshot: CallSnapshot): CommandRefused | undefined {
  const refusal = notConnected(snapshot);
  if (refusal) return refusal;
  const isBridging = snapshot.procedure?.name === 'bridge';
  if (snapshot.roles.callee !== undefined && !isBridging) return undefined;
  return conflict('leg_not_connected', 'The call has one party');
}

/** The call has to have this party; undefined when it has. */
export function noSuchLeg({ roles, procedure }: CallSnapshot, leg: LegRole): CommandRefused | undefined {
  const isBridging = leg === 'callee' && procedure?.name === 'bridge';
  if (roles[leg] !== undefined && !isBridging) return undefined;
  return conflict('leg_not_connected', `The call has no ${leg}`);
}

/** Between direct and anchored there is neither the one way nor the other; undefined when the media stay where they are. */
export function moving({ procedure }: CallSnapshot): CommandRefused | undefined {
  if (!procedure || procedure.name === 'bridge') return undefined;
  return conflict('call_busy', `Under way: ${procedure.name}`);
}

/** The media have to flow through the media server; undefined when they do. */
export function notAnchored({ mode }: CallSnapshot): CommandRefused | undefined {
  if (mode === 'anchored') return undefined;
  return conflict('call_not_anchored', 'The call is direct: move it to mode anchored first');
}

/** What keeps a call at the media server; undefined when nothing does. */
export function mediaNeeded(call: Call): CommandRefused | undefined {
  const { snapshot } = call;
  const reasons: readonly (readonly [unknown, string])[] = [
    [hasMediaWork(call), 'media work is under way'],
    [snapshot.conferenceMembership, 'the call is in a conference'],
    [snapshot.muted?.length, 'a party is muted'],
    [snapshot.hold, 'the parties are on hold'],
    [snapshot.bridge?.stays, 'the call goes on without its second party'],
    [snapshot.digits?.length, 'digits are being sent'],
  ];
  const reason = reasons.find(([holds]) => holds);
  return reason && conflict('media_in_use', `The call has to stay at the media server: ${reason[1]}`);
}
