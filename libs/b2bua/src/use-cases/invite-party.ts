import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { partyUri } from '../call/party-uri';
import { RING_TIMER } from '../call/call-timer-names';
import { sdpBody } from '../media-control/session-description';
import type { CallTarget } from '../ports/route-table';
import { outgoingInvite } from './outgoing-invite';
import { ringCompanions } from './ring-together';

/** Calls a party, with an offer or to get one. Its dialog shares nothing with the other party's. */
export function inviteParty(call: Call, leg: LegRole, offer?: string): void {
  const { snapshot, runtime } = call;
  const party = partyUri(snapshot, leg);
  if (party === undefined) return;
  const targets = snapshot.targets?.[leg] ?? [];
  const target: CallTarget = targets.shift() ?? { uri: party };
  const body = offer === undefined ? undefined : sdpBody(offer);
  call.open(leg, outgoingInvite(call, party, target), body);
  ringCompanions(call, leg, offer);
  const { ringTimeoutMs } = snapshot.bridge ?? snapshot;
  const isLast = !targets[0] || targets[0].isBackup === true;
  call.startTimer(RING_TIMER, isLast ? ringTimeoutMs : Math.min(ringTimeoutMs, runtime.timings.targetRingMs));
}
