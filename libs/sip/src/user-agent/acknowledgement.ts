import { createInDialogRequest } from '../dialog/in-dialog-request';
import { loadBody, storeBody } from './stored-body';
import type { HeaderList, SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { SentAck } from './usage-state';

const PREFIX = 'ACK ';
const timerOf = (cseq: number): string => PREFIX + cseq;

export const isAckTimer = (name: string): boolean => name.startsWith(PREFIX);

function transmit(usage: UsageContext, ack: SentAck): void {
  const { cseq, credentials: headers } = ack;
  const options = { cseq, headers, ...loadBody(ack.body) };
  const request = createInDialogRequest(usage.dialog, 'ACK', options);
  usage.output.sendAck(usage.id, request, usage.target());
}

/** Sends the ACK for a 2xx and keeps it for further copies of that 2xx, for 64*T1 (RFC 3261 §13.2.2.4). */
export function sendAck(usage: UsageContext, cseq: number, body?: SdpBody, credentials?: HeaderList): void {
  const ack: SentAck = { cseq, body: body && storeBody(body), credentials };
  (usage.state.sentAcks ??= []).push(ack);
  transmit(usage, ack);
  usage.startTimer(timerOf(cseq), usage.patienceMs);
}

/** Another copy of a 2xx came: the same ACK again. False when none was sent. */
export function repeatAck(usage: UsageContext, cseq: number): boolean {
  const ack = usage.state.sentAcks?.find((sent) => sent.cseq === cseq);
  if (ack) transmit(usage, ack);
  return ack !== undefined;
}

export function forgetAck(usage: UsageContext, timerName: string): void {
  const cseq = Number(timerName.slice(PREFIX.length));
  const rest = usage.state.sentAcks?.filter((sent) => sent.cseq !== cseq) ?? [];
  if (rest.length > 0) usage.state.sentAcks = rest;
  else usage.state.sentAcks = undefined;
}
