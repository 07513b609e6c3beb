import type { SipRequest, SipResponse } from '@legato/sip';
import type { Call } from '../call/call';
import type { LegRole, RelaySnapshot, Role } from '../call/call-snapshot';
import { LEG_ROLES, isMediaRole, mediaOf, otherLeg } from '../call/call-snapshot';
import { descriptionIn, isHold, sdpBody, silenced } from '../media-control/session-description';

/** The other end of what `role` negotiates: the other party, or in an anchored call the party's own media. */
export function negotiatesWith(call: Call, role: Role): Role {
  if (isMediaRole(role)) return role === 'caller media' ? 'caller' : 'callee';
  return call.snapshot.mode === 'direct' ? otherLeg(role) : mediaOf(role);
}

/** A re-INVITE goes to the other end as it is; while the call is being connected or moved it has to wait (491). */
export function relayReinvite(call: Call, from: Role, request: SipRequest, transactionKey: string): void {
  const to = negotiatesWith(call, from);
  const peer = call.usage(to);
  const busy =
    call.snapshot.procedure !== null || call.snapshot.relays.some(({ kind }) => kind === 're-INVITE');
  if (!peer || busy) {
    call.usage(from)?.answerReinvite(transactionKey, peer ? 491 : 480);
    return;
  }
  const offer = descriptionIn(request);
  call.snapshot.relays.push({ kind: 're-INVITE', from, to, transactionKey, offered: offer !== undefined });
  const passedOn = offer !== undefined && isHeldDirect(call) ? silenced(offer) : offer;
  peer.reinvite(passedOn === undefined ? undefined : sdpBody(passedOn));
}

/** What an application has silenced stays silent, whatever a party offers. */
const isHeldDirect = ({ snapshot }: Call): boolean =>
  snapshot.mode === 'direct' && snapshot.hold !== undefined;

const findRelay = (call: Call, to: Role) =>
  call.snapshot.relays.find((relay) => relay.kind === 're-INVITE' && relay.to === to && !relay.awaitingAck);

function drop(call: Call, relay: RelaySnapshot): void {
  call.snapshot.relays = call.snapshot.relays.filter((other) => other !== relay);
}

/** The other end accepted; true when a relay was waiting for that. */
export function relayAccepted(call: Call, to: Role, response: SipResponse): boolean {
  const relay = findRelay(call, to);
  if (!relay) return false;
  const body = descriptionIn(response);
  call
    .usage(relay.from)
    ?.answerReinvite(relay.transactionKey, 200, body === undefined ? undefined : sdpBody(body));
  if (relay.offered) {
    call.usage(to)?.acknowledge();
    drop(call, relay);
    noteHold(call);
  } else relay.awaitingAck = true;
  return true;
}

export function relayRefused(call: Call, to: Role, status: number): boolean {
  const relay = findRelay(call, to);
  if (!relay) return false;
  call.usage(relay.from)?.answerReinvite(relay.transactionKey, status);
  drop(call, relay);
  return true;
}

/** The ACK brings the answer to an offer that the other end made in its 2xx. */
export function relayAcknowledged(call: Call, from: Role, answer: string | undefined): boolean {
  const relay = call.snapshot.relays.find((waiting) => waiting.from === from && waiting.awaitingAck);
  if (!relay) return false;
  call.usage(relay.to)?.acknowledge(answer === undefined ? undefined : sdpBody(answer));
  drop(call, relay);
  noteHold(call);
  return true;
}

/** A call is held while one of its parties asks the other to be silent, or an application has asked for it. */
export function noteHold(call: Call): void {
  const { hold } = call.snapshot;
  const isAsked = hold?.state === 'held' || hold?.state === 'resuming';
  const held = isAsked || LEG_ROLES.some((leg: LegRole) => isHold(call.snapshot.descriptions[leg]));
  call.move(held ? 'held' : 'resumed');
}
