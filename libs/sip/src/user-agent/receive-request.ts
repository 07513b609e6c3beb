import { noteRemoteCSeq } from '../dialog/receive-in-dialog';
import type { SipRequest } from '../message/sip-request';
import { isReinviting } from './reinvite-client';
import { isUpdating } from './sent-requests';
import { answerAtOnce, hasServed, hasServedInvite, serve } from './served-requests';
import { bodyOf } from './stored-body';
import { acknowledgedBy, findTwoHundred, repeatTwoHundred } from './two-hundred';
import type { UsageContext } from './usage-context';

function receiveAck(usage: UsageContext, ack: SipRequest): void {
  const sent = acknowledgedBy(usage, ack);
  if (!sent) return;
  if (sent.purpose === 'INVITE') {
    usage.move(usage, 'ACK', { request: ack });
    return;
  }
  const body = bodyOf(ack);
  usage.tell({ type: 'acknowledged', purpose: 're-INVITE', ...(body && { body }) });
}

/** 0 to 10 s (RFC 3261 §14.2). */
function retryAfter(usage: UsageContext): [string, string][] {
  return [['Retry-After', String(parseInt(usage.output.ids.token(2), 16) % 11)]];
}

/** Our INVITE is not through yet, or our offer has no answer: the peer's own INVITE has to wait. */
function isOffering(usage: UsageContext): boolean {
  const { state } = usage;
  if (state.role === 'UAC' && state.phase !== 'Established') return true;
  // RFC 5407 §3.1.5: the ACK that is missing brings the answer to the offer of our 2xx.
  return isReinviting(usage) || (state.sentTwoHundreds ?? []).some(({ answersOffer }) => !answersOffer);
}

function receiveInvite(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  if (usage.state.incoming || hasServedInvite(usage)) {
    answerAtOnce(usage, request, transactionKey, 500, retryAfter(usage));
  } else if (isOffering(usage)) answerAtOnce(usage, request, transactionKey, 491);
  else {
    serve(usage, request, transactionKey);
    usage.tell({ type: 're-INVITE', request, transactionKey });
  }
}

/** The offers of UPDATE and INVITE must not cross (RFC 3311 §5.2). */
function receiveUpdate(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  const hasOffer = request.body.length > 0;
  if (hasServed(usage, 'UPDATE') || (hasOffer && hasServedInvite(usage))) {
    answerAtOnce(usage, request, transactionKey, 500, retryAfter(usage));
  } else if (hasOffer && (isReinviting(usage) || isUpdating(usage))) {
    answerAtOnce(usage, request, transactionKey, 491);
  } else receiveOther(usage, request, transactionKey);
}

function receiveOther(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  serve(usage, request, transactionKey);
  usage.tell({ type: 'request', request, transactionKey });
}

/** A retransmission that no transaction absorbed, because a restart has taken it: the same answer again. */
function receiveRepeated(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  const { served, incoming, lastAnswer } = usage.state;
  const { number } = request.cseq;
  if (served?.[transactionKey] || incoming?.transactionKey === transactionKey) return;
  const sent = request.method === 'INVITE' ? findTwoHundred(usage, number) : undefined;
  if (sent) repeatTwoHundred(usage, sent);
  else answerAtOnce(usage, request, transactionKey, lastAnswer?.cseq === number ? lastAnswer.status : 500);
}

const receivers: Readonly<Record<string, (usage: UsageContext, request: SipRequest, key: string) => void>> = {
  INVITE: receiveInvite,
  UPDATE: receiveUpdate,
  // No reliable provisional response of ours waits for one (RFC 3262 §3).
  PRACK: (usage, request, key) => answerAtOnce(usage, request, key, 481),
};

const OVER: readonly string[] = ['Mortal', 'Morgue', 'Ended'];

/** A request of the peer within the dialog (RFC 3261 §12.2.2); an ACK has no transaction. */
export function receiveUsageRequest(
  usage: UsageContext,
  request: SipRequest,
  transactionKey: string | undefined,
): void {
  if (request.method === 'ACK') {
    receiveAck(usage, request);
    return;
  }
  if (transactionKey === undefined || !usage.state.dialog) return;
  const order = noteRemoteCSeq(usage.dialog, request);
  if (order === 'out of order') answerAtOnce(usage, request, transactionKey, 500);
  else if (order === 'repeated') receiveRepeated(usage, request, transactionKey);
  else receiveInOrder(usage, request, transactionKey);
}

function receiveInOrder(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  const { phase } = usage.state;
  const isBye = request.method === 'BYE';
  if (isBye && phase !== 'Morgue' && phase !== 'Ended') usage.move(usage, 'BYE', { request, transactionKey });
  else if (OVER.includes(phase)) answerAtOnce(usage, request, transactionKey, 481);
  else (receivers[request.method] ?? receiveOther)(usage, request, transactionKey);
}
