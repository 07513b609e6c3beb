import { parseDatagram } from '../message/message.parser';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import { createInvite } from './create-invite';
import { loadedBody } from './stored-body';
import { answerTo, loadedRequest } from './stored-request';
import { repeatTwoHundred } from './two-hundred';
import type { UsageContext } from './usage-context';
import type { InviteUsageState, SentTwoHundred, StoredRequest } from './usage-state';

const BEFORE_FINAL: readonly string[] = ['Preparative', 'Early', 'Cancelling'];

/** Which copy of the INVITE the peer works on, and where: another hop may have had its turn (RFC 3263 §4.3). */
export function noteWay(usage: UsageContext, response: SipResponse): void {
  const { outgoing } = usage.state;
  const { flow, via } = response;
  if (!outgoing || !flow || via.branch === undefined) return;
  if (outgoing.way && outgoing.branch === via.branch) return;
  outgoing.branch = via.branch;
  outgoing.way = flow;
}

/**
 * UAC: the INVITE without a final response once more, which the peer takes for a retransmission: same branch, same CSeq. Its
 * answers, and the CANCEL that may be due, belong to a transaction again. False when there is none, or nothing to make it of.
 */
export function repeatInvite(usage: UsageContext): boolean {
  const { role, phase, outgoing, inviteCSeq } = usage.state;
  if (role !== 'UAC' || !BEFORE_FINAL.includes(phase)) return false;
  if (!outgoing?.branch || inviteCSeq === undefined) return false;
  const { branch, body } = outgoing;
  const request = createInvite(usage, outgoing, inviteCSeq, loadedBody(body));
  const target = outgoing.target ?? outgoing.way;
  usage.output.sendRequest(usage.id, request, target ? { target, branch } : { branch });
  if (phase === 'Cancelling') usage.output.sendCancel(usage.id);
  return true;
}

/** UAS: final answers to INVITEs that may not have left: a 2xx without its ACK, a refusal that nobody was told of. */
export function repeatFinals(usage: UsageContext): void {
  const { sentTwoHundreds = [], refusal } = usage.state;
  for (const sent of sentTwoHundreds) repeatTwoHundred(usage, sent);
  if (!refusal) return;
  const response = answerTo(usage, refusal.request, refusal.status, refusal);
  usage.output.sendResponse(usage.id, refusal.transactionKey, response);
}

/** An INVITE of the peer whose server transaction is to be there again. */
export interface OwedInvite {
  readonly transactionKey: string;
  readonly request: SipRequest;
}

function inviteOf({ latin1 }: SentTwoHundred): StoredRequest | undefined {
  const copy = parseDatagram(Buffer.from(latin1, 'latin1'));
  if (!copy.ok) return undefined;
  const { headers, cseq } = copy.message;
  const [from = '', to = ''] = [headers.get('From'), headers.get('To')];
  return { method: 'INVITE', cseq: cseq.number, vias: headers.getAll('Via'), from, to, hasBody: false };
}

/** INVITEs that are not answered for good: what comes of them again, and their CANCEL, is to find them (RFC 3261 §17.2.3). */
export function owedInvites(state: InviteUsageState): OwedInvite[] {
  const { dialog, incoming, served = [], sentTwoHundreds = [], refusal } = state;
  if (!dialog) return [];
  const owed: OwedInvite[] = [];
  const add = (transactionKey: string, stored: StoredRequest | undefined): void => {
    if (stored?.method === 'INVITE') owed.push({ transactionKey, request: loadedRequest(dialog, stored) });
  };
  if (incoming) add(incoming.transactionKey, incoming.request);
  if (refusal) add(refusal.transactionKey, refusal.request);
  for (const { transactionKey, request } of served) add(transactionKey, request);
  for (const sent of sentTwoHundreds) {
    const stored = sent.purpose === 'INVITE' ? inviteOf(sent) : undefined;
    add(sent.transactionKey, stored && { ...stored, ...(dialog.flow && { flow: dialog.flow }) });
  }
  return owed;
}
