import type { OutgoingInvite, SdpBody, SipRequest } from '@legato/sip';
import type { Call } from '../call/call';
import type { Role } from '../call/call-snapshot';
import { descriptionIn, sdpBody } from '../media-control/session-description';

const NOT_ACCEPTABLE_HERE = 488;

/**
 * A PRACK of the caller with a session description. It brings the answer to the offer of the callee's reliable 1xx, which goes
 * on in the PRACK that the callee waits for (RFC 6337 §2.2 pattern 4); or an offer, which goes on in an UPDATE, because the
 * callee has had its PRACK (patterns 5 and 6). Only a direct call lets its parties negotiate before the answer.
 */
export function relayPrack(call: Call, from: Role, request: SipRequest, transactionKey: string): void {
  const caller = call.usage(from);
  const callee = from === 'caller' && call.snapshot.mode === 'direct' ? call.usage('callee') : undefined;
  const description = descriptionIn(request);
  if (!callee || description === undefined) {
    caller?.respond(transactionKey, NOT_ACCEPTABLE_HERE);
    return;
  }
  const before = call.snapshot.descriptions.caller;
  call.snapshot.descriptions.caller = description;
  if (callee.state.owedPrack !== undefined) {
    callee.acknowledgeProvisional(sdpBody(description));
    caller?.respond(transactionKey, 200);
    return;
  }
  call.snapshot.relays.push({
    kind: 'request',
    from,
    to: 'callee',
    transactionKey,
    offered: true,
    asUpdate: true,
    ...(before !== undefined && { before }),
  });
  callee.request('UPDATE', `relay ${transactionKey}`, sdpBody(description));
}

/** How a PRACK is refused whose offer the callee did not take: the callee's own status is about an UPDATE. */
export const prackStatus = (status: number): number => (status < 300 ? status : NOT_ACCEPTABLE_HERE);

/**
 * Whether an offer in a reliable 1xx of the callee can have its answer in a PRACK: the caller is to make it, so it has to know
 * 100rel, and the callee has to be one place, for the caller can answer but one offer.
 */
function answersInPrack(call: Call): boolean {
  const { mode, direction, targets } = call.snapshot;
  const reliability = call.usage('caller')?.state.incoming?.request.reliability;
  const isOnePlace = (targets?.callee?.length ?? 0) === 0;
  return mode === 'direct' && direction === 'inbound' && reliability !== undefined && isOnePlace;
}

/** Without an offer of ours a reliable 1xx would have to bring one (RFC 3262 §5): whom nobody can answer is not asked for it. */
export function answerable(
  call: Call,
  invite: OutgoingInvite,
  offer: SdpBody | undefined,
  role?: Role,
): OutgoingInvite {
  const isAnswered = offer !== undefined || (role === 'callee' && answersInPrack(call));
  return isAnswered ? invite : { ...invite, withheld: ['100rel'] };
}

/** The body of the 2xx to the caller: none when the caller has answered the callee's offer before (RFC 3261 §13.2.1). */
export function finalDescription(call: Call): SdpBody | undefined {
  const { incoming, answeredEarly } = call.usage('caller')?.state ?? {};
  if (answeredEarly && incoming?.request.hasBody === false) return undefined;
  return sdpBody(call.snapshot.descriptions.callee ?? '');
}
