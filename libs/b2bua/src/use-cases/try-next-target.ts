import type { Call } from '../call/call';
import type { LegRole, SipOutcome } from '../call/call-snapshot';
import { inviteParty } from './invite-party';
import { isFailure } from './trunk-refusal';

/** What a caller learns least from comes last: nobody answered, then a server failed. */
function rank({ status }: SipOutcome): number {
  if (status >= 600) return 0;
  if (status >= 500) return 3;
  return status === 408 || status === 480 || status === 487 ? 2 : 1;
}

/** Keeps the best of what the targets of a party said (RFC 3261 §16.7 step 6). */
export function noteRefusal(call: Call, leg: LegRole, outcome: SipOutcome): void {
  const best = call.snapshot.refusals[leg];
  if (!best || rank(outcome) < rank(best)) call.snapshot.refusals[leg] = outcome;
}

/** A 6xx speaks for the user, not for one of the places (RFC 3261 §16.7 step 5). */
const isLastWord = (call: Call, leg: LegRole): boolean => (call.snapshot.refusals[leg]?.status ?? 0) >= 600;

function hasNext({ snapshot }: Call, leg: LegRole): boolean {
  const next = snapshot.targets?.[leg]?.[0];
  return next !== undefined && (!next.isBackup || isFailure(snapshot.refusals[leg]?.status ?? 0));
}

/** The offer that the next target gets: the one that the last got. */
function offerFor({ snapshot }: Call, leg: LegRole): string | undefined {
  const { mode, descriptions } = snapshot;
  if (mode === 'anchored') return descriptions[`${leg} media`];
  return leg === 'callee' ? descriptions.caller : undefined;
}

/** A target refused: the next one rings, one after the other (RFC 3261 §16.6; same q is no reason to ring at once here). */
export function tryNextTarget(call: Call, leg: LegRole): void {
  if (!hasNext(call, leg) || isLastWord(call, leg)) {
    call.trigger('no more targets');
    return;
  }
  call.abandon(leg);
  if (leg === 'callee') delete call.snapshot.lastProvisional;
  inviteParty(call, leg, offerFor(call, leg));
}

/** A target did not answer in time: it stops ringing before the next one starts. */
export function leaveTarget(call: Call, leg: LegRole): void {
  noteRefusal(call, leg, { status: 480, reason: 'No answer' });
  if (hasNext(call, leg)) call.usage(leg)?.bye();
  tryNextTarget(call, leg);
}
