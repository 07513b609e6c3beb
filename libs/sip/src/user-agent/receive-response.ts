import { decodeOptionTags } from '../message/header/option-tags';
import type { SipResponse } from '../message/sip-response';
import { repeatAck, sendAck } from './acknowledgement';
import { credentialsFor, MAX_CHALLENGES } from './authorization';
import { hangUpFork } from './hang-up-fork';
import { receivePrackAnswer, receiveProvisional } from './receive-provisional';
import { receiveReinviteResponse } from './reinvite-client';
import { receiveAnswer } from './sent-requests';
import { raiseMinSE } from './session-timer';
import { noteWay } from './resume-invite';
import { loadedBody } from './stored-body';
import type { HeaderList } from './usage-body';
import type { UsageContext } from './usage-context';

const tagOf = (response: SipResponse): string => response.to.tag ?? '';
const BEFORE_FINAL: readonly string[] = ['Preparative', 'Early', 'Cancelling'];

function receiveSuccess(usage: UsageContext, response: SipResponse): void {
  if (BEFORE_FINAL.includes(usage.state.phase)) usage.move(usage, '2xx', { response });
  else if (usage.state.dialog?.remoteTag === tagOf(response)) repeatAck(usage, response.cseq.number);
  else if (usage.state.dialog) hangUpFork(usage, response);
}

/** Leaves out the extensions that a 420 names (RFC 3261 §8.1.3.5); false when they are not ours, the TU's will, or gone already. */
function withhold(usage: UsageContext, response: SipResponse): boolean {
  const { outgoing } = usage.state;
  const { withheld = [], headers = [] } = outgoing ?? {};
  const isRequired = headers.some(([name]) => name === 'Require');
  const tags = decodeOptionTags(response.headers, 'Unsupported');
  const isOurs = (tag: string): boolean => usage.supports(tag) && !withheld.includes(tag);
  if (!outgoing || isRequired || tags.length === 0 || !tags.every(isOurs)) return false;
  outgoing.withheld = [...withheld, ...tags];
  return true;
}

/** What would do in the place of an INVITE that was refused, as a trigger; undefined when nothing would. */
function wayOut(
  usage: UsageContext,
  response: SipResponse,
  credentials: HeaderList | undefined,
): '420' | '422' | 'challenge' | undefined {
  if (response.status === 422 && raiseMinSE(usage, response)) return '422';
  if (response.status === 420 && withhold(usage, response)) return '420';
  return credentials && 'challenge';
}

/** The same INVITE once more, with what the refusal asks for; false when it can not be had. */
function tryAgain(usage: UsageContext, response: SipResponse): boolean {
  const { outgoing, phase, challenges = 0 } = usage.state;
  if (!outgoing || phase === 'Cancelling' || challenges >= MAX_CHALLENGES) return false;
  const { requestUri, body, headers: before } = outgoing;
  const headers = credentialsFor(usage, response, requestUri, loadedBody(body)?.bytes, before);
  const trigger = wayOut(usage, response, headers);
  if (!trigger) return false;
  usage.state.challenges = challenges + 1;
  usage.move(usage, trigger, { response, headers });
  return true;
}

function receiveInitial(usage: UsageContext, response: SipResponse): void {
  const { status } = response;
  if (status < 200) {
    noteWay(usage, response);
    receiveProvisional(usage, response);
  } else if (status < 300) receiveSuccess(usage, response);
  else if (!tryAgain(usage, response)) usage.move(usage, '3xx-6xx', { status, response });
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
  if (method === 'PRACK') receivePrackAnswer(usage, response);
  else if (method !== 'BYE') receiveAnswer(usage, response);
  else if (response.status >= 200 && number === usage.state.byeCSeq && isOurs(usage, response)) {
    receiveByeAnswer(usage, response);
  }
}

/** RFC 5407 Appendix D: a BYE may be challenged like any other request. */
function receiveByeAnswer(usage: UsageContext, response: SipResponse): void {
  const { challenges = 0, credentials } = usage.state;
  const mayTry = usage.state.phase === 'Mortal' && challenges < MAX_CHALLENGES;
  const { remoteTarget } = usage.dialog;
  const headers = mayTry ? credentialsFor(usage, response, remoteTarget, undefined, credentials) : undefined;
  if (headers) {
    usage.state.challenges = challenges + 1;
    usage.state.credentials = headers;
    usage.state.byeCSeq = usage.send('BYE', { headers });
  } else usage.move(usage, 'BYE answered', { response });
}

/** Not of the BYE to a fork. */
const isOurs = (usage: UsageContext, response: SipResponse): boolean =>
  usage.state.dialog?.remoteTag === tagOf(response);
