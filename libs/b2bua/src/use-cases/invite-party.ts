import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { RING_TIMER } from '../call/call-timer-names';
import { sdpBody } from '../media-control/session-description';
import type { CallTarget } from '../ports/route-table';
import { fromOfUs, identityHeaders } from './caller-identity';

/** Calls a party, with an offer or to get one. Its dialog shares nothing with the other party's. */
export function inviteParty(call: Call, leg: LegRole, offer?: string): void {
  const { snapshot, runtime } = call;
  const party = leg === 'caller' || snapshot.direction === 'inbound' ? snapshot.to[0] : snapshot.to[1];
  if (party === undefined) return;
  const targets = snapshot.targets?.[leg] ?? [];
  const target: CallTarget = targets.shift() ?? { uri: party };
  call.open(
    leg,
    {
      ...wayTo(target),
      from: fromOfUs(snapshot, runtime.address),
      to: `<${target.to ?? party}>`,
      contact: `<sip:${runtime.address}>`,
      headers: [['Max-Forwards', String(snapshot.maxForwards)], ...identityHeaders(snapshot)],
    },
    offer === undefined ? undefined : sdpBody(offer),
  );
  const { ringTimeoutMs } = snapshot;
  const isLast = !targets[0] || targets[0].isBackup === true;
  call.startTimer(RING_TIMER, isLast ? ringTimeoutMs : Math.min(ringTimeoutMs, runtime.timings.targetRingMs));
}

/** How an INVITE gets to a place. */
function wayTo({ uri, flow, path = [], account }: CallTarget) {
  return {
    requestUri: uri,
    ...(flow && { target: flow }),
    ...(path.length > 0 && { routeSet: [...path] }),
    ...(account !== undefined && { account }),
  };
}
