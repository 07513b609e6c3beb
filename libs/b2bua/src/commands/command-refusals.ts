import type { Call } from '../call/call';
import type { CallSnapshot, LegRole } from '../call/call-snapshot';
import type { CommandRefused } from '../registry/call-control';
import { activeMediaWork } from '../use-cases/media-work';

export const conflict = (code: string, detail: string): CommandRefused => ({
  refused: 'conflict',
  code,
  detail,
});

export const callNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'call_not_found',
  detail: 'No call of this id is known',
};

export const partyNotRegistered: CommandRefused = {
  refused: 'conflict',
  code: 'party_not_registered',
  detail: 'A party is a user of this registrar without bindings',
};

/** Media work is done for a call from its answer to its end; undefined when nothing stands against it. */
export function notConnected({ state }: CallSnapshot): CommandRefused | undefined {
  if (state === 'in_progress' || state === 'held') return undefined;
  if (state === 'ending' || state === 'ended') return conflict('call_ended', `The call is ${state}`);
  return conflict('call_not_connected', `The call is ${state}: this begins when it is in_progress`);
}

/** How much media work may wait or run in a call at a time. */
const MOST_ACTIVE = 20;

/** Whether nothing more can be played to, or collected from, a party; without `leg` from none of them. */
export function mediaWorkRefused(call: Call, leg?: LegRole): CommandRefused | undefined {
  const refusal = notConnected(call.snapshot);
  if (refusal) return refusal;
  if (leg !== undefined && !call.usage(leg)) {
    return conflict('leg_not_connected', `The call has no ${leg} that could hear or key anything`);
  }
  if (activeMediaWork(call) < MOST_ACTIVE) return undefined;
  return conflict('media_work_pending', `${MOST_ACTIVE} plays and collections wait already`);
}
