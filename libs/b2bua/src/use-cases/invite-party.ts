import { NameAddr, SipUri } from '@legato/sip';
import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { RING_TIMER } from '../call/call-timer-names';
import { sdpBody } from '../media-control/session-description';

/** Calls a party, with an offer or to get one. Its dialog shares nothing with the other party's. */
export function inviteParty(call: Call, leg: LegRole, offer?: string): void {
  const { snapshot, runtime } = call;
  const target = leg === 'caller' || snapshot.direction === 'inbound' ? snapshot.to[0] : snapshot.to[1];
  if (target === undefined) return;
  call.open(
    leg,
    {
      requestUri: target,
      from: fromOfUs(snapshot.from, runtime.address),
      to: `<${target}>`,
      contact: `<sip:${runtime.address}>`,
      headers: [['Max-Forwards', String(snapshot.maxForwards)]],
    },
    offer === undefined ? undefined : sdpBody(offer),
  );
  call.startTimer(RING_TIMER, snapshot.ringTimeoutMs);
}

/** The other side sees who calls, at our address: the caller's own host stays hidden. */
function fromOfUs(from: string, address: string): string {
  const caller = NameAddr.parse(from);
  const user = SipUri.parse(caller?.uri ?? '')?.user;
  const uri = `<sip:${user === undefined ? '' : `${user}@`}${address}>`;
  return caller?.displayName ? `"${caller.displayName.replace(/["\\]/g, '\\$&')}" ${uri}` : uri;
}
