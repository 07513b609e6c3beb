import { NameAddr, SipUri } from '@legato/sip';
import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { RING_TIMER } from '../call/call-timer-names';
import { sdpBody } from '../media-control/session-description';
import type { CallTarget } from '../ports/route-table';

/** Calls a party, with an offer or to get one. Its dialog shares nothing with the other party's. */
export function inviteParty(call: Call, leg: LegRole, offer?: string): void {
  const { snapshot, runtime } = call;
  const party = leg === 'caller' || snapshot.direction === 'inbound' ? snapshot.to[0] : snapshot.to[1];
  if (party === undefined) return;
  const targets = snapshot.targets?.[leg] ?? [];
  const target = targets.shift() ?? { uri: party };
  call.open(
    leg,
    {
      ...wayTo(target),
      from: fromOfUs(snapshot.from, runtime.address),
      to: `<${party}>`,
      contact: `<sip:${runtime.address}>`,
      headers: [['Max-Forwards', String(snapshot.maxForwards)]],
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

/** The other side sees who calls, at our address: the caller's own host stays hidden. */
function fromOfUs(from: string, address: string): string {
  const caller = NameAddr.parse(from);
  const user = SipUri.parse(caller?.uri ?? '')?.user;
  const uri = `<sip:${user === undefined ? '' : `${user}@`}${address}>`;
  return caller?.displayName ? `"${caller.displayName.replace(/["\\]/g, '\\$&')}" ${uri}` : uri;
}
