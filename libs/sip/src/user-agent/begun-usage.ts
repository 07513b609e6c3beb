import type { InviteUsageState, OutgoingInvite } from './usage-state';

/**
 * The state of a usage that begins. It names every field, in one order: all usages have one layout then, and what reads one
 * on the hot path reads a field, not a dictionary. For the same reason a field is set to undefined, and never deleted.
 */
export function begunUsage(begun: Omit<InviteUsageState, 'timers'>): InviteUsageState {
  return {
    id: begun.id,
    role: begun.role,
    phase: begun.phase,
    dialog: begun.dialog,
    timers: {},
    contact: begun.contact,
    outgoing: begun.outgoing,
    requestUri: undefined,
    calledByFlow: undefined,
    inviteCSeq: undefined,
    account: begun.account,
    credentials: undefined,
    challenges: undefined,
    exchange: undefined,
    answeredEarly: undefined,
    reliable: undefined,
    session: undefined,
    minSeS: undefined,
    peerTakesUpdate: undefined,
    localBody: undefined,
    rseq: undefined,
    owedPrack: undefined,
    sentPracks: undefined,
    forks: undefined,
    goneForks: undefined,
    hungUpForks: undefined,
    incoming: begun.incoming,
    refusal: undefined,
    sentTwoHundreds: undefined,
    sentAcks: undefined,
    reinvite: undefined,
    requests: undefined,
    served: undefined,
    lastAnswer: undefined,
    byeCSeq: undefined,
    byeReason: undefined,
    endReason: undefined,
  };
}

type OutgoingState = NonNullable<InviteUsageState['outgoing']>;

/** What the INVITE of a UAC is made of, with every field named as well. */
export function begunInvite(
  asked: OutgoingInvite,
  own: Pick<OutgoingState, 'contact' | 'sipCallId' | 'localTag'>,
): OutgoingState {
  return {
    requestUri: asked.requestUri,
    from: asked.from,
    to: asked.to,
    contact: own.contact,
    routeSet: asked.routeSet,
    target: asked.target,
    headers: asked.headers,
    sipCallId: own.sipCallId,
    account: asked.account,
    withheld: asked.withheld,
    localTag: own.localTag,
    body: undefined,
    branch: undefined,
    way: undefined,
  };
}
