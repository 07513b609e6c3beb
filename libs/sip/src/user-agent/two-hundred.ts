import { parseDatagram } from '../message/message.parser';
import { serialize } from '../message/serializer';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { UsageContext } from './usage-context';
import type { InvitePurpose } from './usage-events';
import type { SentTwoHundred } from './usage-state';

const PREFIX = '2xx ';
const timerOf = (cseq: number): string => PREFIX + cseq;

export const isTwoHundredTimer = (name: string): boolean => name.startsWith(PREFIX);

/** A 2xx to INVITE goes out again, T1 doubling to T2, on any transport, until its ACK comes or 64*T1 have passed (RFC 3261 §13.3.1.4). */
export function sendTwoHundred(
  usage: UsageContext,
  transactionKey: string,
  response: SipResponse,
  purpose: InvitePurpose,
): void {
  const cseq = response.cseq.number;
  usage.output.sendResponse(usage.id, transactionKey, response);
  const sent: SentTwoHundred = {
    cseq,
    transactionKey,
    purpose,
    latin1: serialize(response).toString('latin1'),
    intervalMs: usage.output.timers.T1,
    elapsedMs: 0,
  };
  (usage.state.sentTwoHundreds ??= []).push(sent);
  usage.startTimer(timerOf(cseq), sent.intervalMs);
}

/** The 2xx that an ACK, or a retransmitted INVITE, is for. */
export const findTwoHundred = (usage: UsageContext, cseq: number): SentTwoHundred | undefined =>
  usage.state.sentTwoHundreds?.find((sent) => sent.cseq === cseq);

function forget(usage: UsageContext, sent: SentTwoHundred): void {
  const rest = usage.state.sentTwoHundreds?.filter((other) => other !== sent) ?? [];
  if (rest.length > 0) usage.state.sentTwoHundreds = rest;
  else usage.state.sentTwoHundreds = undefined;
  usage.stopTimer(timerOf(sent.cseq));
}

/** Ends the retransmissions; undefined for an ACK that came before. */
export function acknowledgedBy(usage: UsageContext, ack: SipRequest): SentTwoHundred | undefined {
  const sent = findTwoHundred(usage, ack.cseq.number);
  if (sent) forget(usage, sent);
  return sent;
}

/** Sends the stored copy. */
export function repeatTwoHundred(usage: UsageContext, sent: SentTwoHundred): void {
  const copy = parseDatagram(Buffer.from(sent.latin1, 'latin1'));
  if (!copy.ok || copy.message.kind !== 'response') return;
  const { flow } = usage.dialog;
  if (flow) copy.message.flow = flow;
  usage.output.sendResponse(usage.id, sent.transactionKey, copy.message);
}

/** The timer of a 2xx: another copy, or answers the 2xx whose ACK is given up. */
export function fireTwoHundred(usage: UsageContext, name: string): SentTwoHundred | undefined {
  const sent = findTwoHundred(usage, Number(name.slice(PREFIX.length)));
  if (!sent) return undefined;
  sent.elapsedMs += sent.intervalMs;
  if (sent.elapsedMs >= usage.patienceMs) {
    forget(usage, sent);
    return sent;
  }
  repeatTwoHundred(usage, sent);
  sent.intervalMs = Math.min(sent.intervalMs * 2, usage.output.timers.T2, usage.patienceMs - sent.elapsedMs);
  usage.startTimer(name, sent.intervalMs);
  return undefined;
}
