import type { Call } from '../call/call';
import type { LegRole, SipOutcome } from '../call/call-snapshot';

/** What a caller learns least from comes last: nobody answered, then a server failed. */
function rank({ status }: SipOutcome): number {
  if (status >= 600) return 0;
  if (status >= 500) return 3;
  return status === 408 || status === 480 || status === 487 ? 2 : 1;
}

/** Keeps the best of what the targets of a party said (RFC 3261 §16.7 step 6), and what the last one said. */
export function noteRefusal({ snapshot }: Call, leg: LegRole, outcome: SipOutcome): void {
  const best = snapshot.refusals[leg];
  if (!best || rank(outcome) < rank(best)) snapshot.refusals[leg] = outcome;
  snapshot.lastRefusals = { ...snapshot.lastRefusals, [leg]: outcome.status };
}
