import { noteRemoteCSeq } from '../dialog/receive-in-dialog';
import type { SipRequest } from '../message/sip-request';
import { isReinviting } from './reinvite-client';
import { exchangeState, stepExchange } from './offer-answer';
import { receivePrack } from './reliable-provisional';
import { isRefreshOfPeer, notePeer } from './session-timer';
import {
  answerAtOnce,
  answerServed,
  hasServed,
  hasServedInvite,
  serve,
  servedRequest,
} from './served-requests';
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
  stepExchange(usage, 'receive answer', 'INVITE');
  const body = bodyOf(ack);
  usage.tell({ type: 'acknowledged', purpose: 're-INVITE', ...(body && { body }) });
}

/** 0 to 10 s (RFC 3261 §14.2). */
function retryAfter(usage: UsageContext): [string, string][] {
  return [['Retry-After', String(parseInt(usage.output.ids.token(2), 16) % 11)]];
}

/** An INVITE of ours is not through yet: the peer's own has to wait (§14.2). */
function isInviting(usage: UsageContext): boolean {
  const { state } = usage;
  return (state.role === 'UAC' && state.phase !== 'Established') || isReinviting(usage);
}

/** Why an offer can not be taken now (RFC 3311 §5.2; RFC 5407 §3.1.5 for the offer of a 2xx whose ACK is missing). */
function offerRefusal(usage: UsageContext): 491 | 500 | undefined {
  const state = exchangeState(usage);
  if (state === 'Offer sent') return 491;
  return state === 'Offer received' ? 500 : undefined;
}

function refuseOffer(
  usage: UsageContext,
  request: SipRequest,
  transactionKey: string,
  status: 491 | 500,
): void {
  answerAtOnce(usage, request, transactionKey, status, status === 500 ? retryAfter(usage) : undefined);
}

function receiveInvite(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  const isSecond = usage.state.incoming !== undefined || hasServedInvite(usage);
  const refusal = isSecond ? 500 : isInviting(usage) ? 491 : offerRefusal(usage);
  if (refusal) refuseOffer(usage, request, transactionKey, refusal);
  else {
    notePeer(usage, request);
    serve(usage, request, transactionKey);
    usage.tell({ type: 're-INVITE', request, transactionKey });
  }
}

/** The offers of UPDATE and INVITE must not cross (RFC 3311 §5.2). */
function receiveUpdate(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  const makesOffer = request.body.length > 0;
  const refusal = hasServed(usage, 'UPDATE') ? 500 : makesOffer ? offerRefusal(usage) : undefined;
  if (refusal) refuseOffer(usage, request, transactionKey, refusal);
  else if (isRefreshOfPeer(usage, request)) {
    serve(usage, request, transactionKey);
    answerServed(usage, transactionKey, 200);
  } else receiveOther(usage, request, transactionKey);
}

function receiveOther(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  serve(usage, request, transactionKey);
  usage.tell({ type: 'request', request, transactionKey });
}

/** A retransmission that no transaction absorbed, because a restart has taken it: the same answer again. */
function receiveRepeated(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  const { incoming, lastAnswer } = usage.state;
  const { number } = request.cseq;
  if (servedRequest(usage.state, transactionKey) || incoming?.transactionKey === transactionKey) return;
  const sent = request.method === 'INVITE' ? findTwoHundred(usage, number) : undefined;
  if (sent) repeatTwoHundred(usage, sent);
  else answerAtOnce(usage, request, transactionKey, lastAnswer?.cseq === number ? lastAnswer.status : 500);
}

const receivers: Readonly<Record<string, (usage: UsageContext, request: SipRequest, key: string) => void>> = {
  INVITE: receiveInvite,
  UPDATE: receiveUpdate,
  PRACK: receivePrack,
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
