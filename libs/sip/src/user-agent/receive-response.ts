import type { SipResponse } from '../message/sip-response';
import { repeatAck, sendAck } from './acknowledgement';
import { receiveReinviteResponse } from './reinvite-client';
import { receiveAnswer } from './sent-requests';
import { unwantedDialog } from './unwanted-dialog';
import type { UsageContext } from './usage-context';

export const FORK_TIMER = 'forks';
/** Token of the BYE to a fork: nobody waits for its answer. */
export const FORK_TOKEN = 'fork';

const tagOf = (response: SipResponse): string => response.to.tag ?? '';
const BEFORE_FINAL: readonly string[] = ['Preparative', 'Early', 'Cancelling'];

/** A further 2xx of our INVITE, of another branch: acknowledged each time it comes, hung up once (RFC 3261 §13.2.2.4). */
function hangUpFork(usage: UsageContext, response: SipResponse): void {
  const { dialog, ack, bye } = unwantedDialog(response);
  usage.output.sendAck(usage.id, ack, usage.target(dialog));
  const known = (usage.state.hungUpForks ??= []);
  if (known.includes(dialog.remoteTag)) return;
  known.push(dialog.remoteTag);
  usage.startTimer(FORK_TIMER, usage.patienceMs);
  usage.output.sendRequest(usage.id, bye, { ...usage.target(dialog), token: FORK_TOKEN });
}

function receiveProvisional(usage: UsageContext, response: SipResponse): void {
  const { dialog } = usage.state;
  if (response.status === 100) return;
  if (response.to.tag === undefined) usage.move(usage, '1xx', { response });
  // Provisional responses of other branches than the first are not followed.
  else if (!dialog || dialog.remoteTag === tagOf(response)) usage.move(usage, '1xx-tag', { response });
}

function receiveSuccess(usage: UsageContext, response: SipResponse): void {
  if (BEFORE_FINAL.includes(usage.state.phase)) usage.move(usage, '2xx', { response });
  else if (usage.state.dialog?.remoteTag === tagOf(response)) repeatAck(usage, response.cseq.number);
  else if (usage.state.dialog) hangUpFork(usage, response);
}

function receiveInitial(usage: UsageContext, response: SipResponse): void {
  const { status } = response;
  if (status < 200) receiveProvisional(usage, response);
  else if (status < 300) receiveSuccess(usage, response);
  else usage.move(usage, '3xx-6xx', { status, response });
}

function receiveSubsequent(usage: UsageContext, response: SipResponse): void {
  const isSuccess = response.status >= 200 && response.status < 300;
  const { number } = response.cseq;
  if (isSuccess && repeatAck(usage, number)) return;
  if (usage.state.phase === 'Mortal') {
    // The session is over for us; the peer still wants its ACK.
    if (isSuccess) sendAck(usage, number);
    else receiveReinviteResponse(usage, response);
    return;
  }
  if (receiveReinviteResponse(usage, response)) return;
  const isGivenUp = isSuccess && usage.state.reinvite?.cseq !== number;
  if (isGivenUp && usage.state.dialog) sendAck(usage, number);
}

/** A response to a request of the usage, told by its CSeq. */
export function receiveUsageResponse(usage: UsageContext, response: SipResponse): void {
  const { number, method } = response.cseq;
  if (method === 'INVITE') {
    if (number === usage.state.inviteCSeq) receiveInitial(usage, response);
    else receiveSubsequent(usage, response);
    return;
  }
  if (method !== 'BYE') receiveAnswer(usage, response);
  else if (response.status >= 200 && number === usage.state.byeCSeq && isOurs(usage, response)) {
    usage.move(usage, 'BYE answered', { response });
  }
}

/** Not of the BYE to a fork. */
const isOurs = (usage: UsageContext, response: SipResponse): boolean =>
  usage.state.dialog?.remoteTag === tagOf(response);
