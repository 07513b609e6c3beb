import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { noteRefusal } from './best-refusal';
import { inviteParty } from './invite-party';
import { leaveRing, offerFor } from './ring-together';
import { isFailure } from './trunk-refusal';

/** A 6xx speaks for the user, not for one of the places (RFC 3261 §16.7 step 5). */
const isLastWord = (call: Call, leg: LegRole): boolean => (call.snapshot.refusals[leg]?.status ?? 0) >= 600;

/** Whether there is another place to ring. Another way to the place that has just refused is none. */
function hasNext({ snapshot }: Call, leg: LegRole): boolean {
  const targets = snapshot.targets?.[leg] ?? [];
  const failed = isFailure(snapshot.lastRefusals?.[leg] ?? 0);
  while (targets[0]?.isBackup && !failed) targets.shift();
  return targets.length > 0;
}

/** A target refused: the next one rings (RFC 3261 §16.6). */
export function tryNextTarget(call: Call, leg: LegRole): void {
  if (!hasNext(call, leg) || isLastWord(call, leg)) {
    call.trigger('no more targets');
    return;
  }
  call.abandon(leg);
  if (leg === 'callee') {
    delete call.snapshot.lastProvisional;
    delete call.snapshot.calleeIdentity;
  }
  inviteParty(call, leg, offerFor(call, leg));
}

/** A target did not answer in time: it stops ringing before the next one starts. */
export function leaveTarget(call: Call, leg: LegRole): void {
  leaveRing(call, 'ring timeout');
  noteRefusal(call, leg, { status: 480, reason: 'No answer' });
  if (hasNext(call, leg)) call.usage(leg)?.bye();
  tryNextTarget(call, leg);
}
