import { createUacDialog } from '../dialog/create-dialog';
import type { DialogState } from '../dialog/dialog-state';
import { createInDialogRequest } from '../dialog/in-dialog-request';
import { decodeOptionTags } from '../message/header/option-tags';
import { encodeRAck } from '../message/header/rack';
import { decodeRSeq } from '../message/header/rseq';
import type { SipResponse } from '../message/sip-response';
import { earlyFork } from './early-fork';
import { exchangeState, noteInviteResponse, stepExchange } from './offer-answer';
import { credentialsFor, MAX_CHALLENGES } from './authorization';
import { bodyFields, loadedBody, storeBody } from './stored-body';
import type { HeaderList, SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { SentPrack } from './usage-state';

type PrackAgain = Pick<SentPrack, 'credentials' | 'challenges'>;

const EARLY_DIALOG_TERMINATED = 199;
/** Token of a PRACK: nobody waits for its answer. */
export const PRACK_TOKEN = 'PRACK';

const tagOf = (response: SipResponse): string => response.to.tag ?? '';

/** The RSeq of a response that is sent reliably (RFC 3262 §4). */
function reliableNumber(response: SipResponse): number | undefined {
  if (!decodeOptionTags(response.headers, 'Require').includes('100rel')) return undefined;
  return decodeRSeq(response.headers.get('RSeq') ?? '');
}

function prack(
  usage: UsageContext,
  dialog: DialogState,
  number: number,
  body?: SdpBody,
  credentials?: HeaderList,
): number {
  const cseq = { number: usage.state.inviteCSeq ?? 0, method: 'INVITE' };
  const headers = [['RAck', encodeRAck({ responseNumber: number, cseq })] as const, ...(credentials ?? [])];
  const request = createInDialogRequest(dialog, 'PRACK', { headers, ...bodyFields(body) });
  usage.output.sendRequest(usage.id, request, { ...usage.target(dialog), token: PRACK_TOKEN });
  return request.cseq.number;
}

/** A PRACK of the dialog that is followed, kept until its answer where that may be a challenge. */
function prackFollowed(usage: UsageContext, number: number, body?: SdpBody, again?: PrackAgain): void {
  const cseq = prack(usage, usage.dialog, number, body, again?.credentials);
  if (!usage.output.authorize) return;
  const sent = {
    cseq,
    responseNumber: number,
    challenges: 0,
    ...(body && { body: storeBody(body) }),
    ...again,
  };
  (usage.state.sentPracks ??= []).push(sent);
}

/** The answer to a PRACK: a challenge is met by the same PRACK with credentials (RFC 3261 §22), the rest tells nothing. */
export function receivePrackAnswer(usage: UsageContext, response: SipResponse): void {
  const sent = usage.state.sentPracks?.find(({ cseq }) => cseq === response.cseq.number);
  if (!sent || response.status < 200) return;
  const rest = usage.state.sentPracks?.filter((other) => other !== sent) ?? [];
  if (rest.length > 0) usage.state.sentPracks = rest;
  else usage.state.sentPracks = undefined;
  if (sent.challenges >= MAX_CHALLENGES || !usage.isOpen) return;
  const { responseNumber, challenges, credentials: before } = sent;
  const body = loadedBody(sent.body);
  const credentials = credentialsFor(usage, response, usage.dialog.remoteTarget, body?.bytes, before);
  if (credentials) prackFollowed(usage, responseNumber, body, { credentials, challenges: challenges + 1 });
}

/** In order and new: acknowledged at once, unless it brings an offer, whose answer is the TU's to give. */
function acknowledge(usage: UsageContext, number: number, response: SipResponse): void {
  usage.state.rseq = number;
  noteInviteResponse(usage, 'receive', response.status, response.body.length > 0);
  if (exchangeState(usage) === 'Offer received') usage.state.owedPrack = number;
  else prackFollowed(usage, number);
}

/** The TU's answer to an offer in a reliable provisional response (RFC 6337 §2.2 pattern 4). */
export function acknowledgeProvisional(usage: UsageContext, body: SdpBody | undefined): void {
  const number = usage.state.owedPrack;
  if (number === undefined || !usage.isOpen) return;
  usage.state.owedPrack = undefined;
  stepExchange(usage, 'send answer', 'INVITE');
  usage.state.answeredEarly = true;
  prackFollowed(usage, number, body);
}

/** A retransmission, or one behind a gap: not acknowledged, not told (RFC 3262 §4). */
const isStale = (number: number | undefined, last: number | undefined): boolean =>
  number !== undefined && last !== undefined && number !== last + 1;

function receiveFollowed(usage: UsageContext, response: SipResponse): void {
  const number = reliableNumber(response);
  if (isStale(number, usage.state.rseq)) return;
  usage.move(usage, '1xx-tag', { response });
  if (number !== undefined && usage.isOpen) acknowledge(usage, number, response);
}

/** Another branch is not followed, but its reliable responses want their PRACK all the same (RFC 3262 §4). */
function receiveUnfollowed(usage: UsageContext, response: SipResponse): void {
  const number = reliableNumber(response);
  const fork = earlyFork(usage, response);
  const offersFirst =
    usage.state.exchange === undefined && !usage.state.answeredEarly && response.body.length > 0;
  if (number === undefined || offersFirst || isStale(number, fork?.rseq)) return;
  const dialog = fork?.dialog ?? createUacDialog(response, usage.state.requestUri ?? '');
  prack(usage, dialog, number);
  if (fork) fork.rseq = number;
  else (usage.state.forks ??= []).push({ dialog, rseq: number });
}

/** An early dialog is gone, its INVITE is not: the next branch that is heard of is followed (RFC 6228 §5). */
function receiveTerminated(usage: UsageContext, response: SipResponse): void {
  const { state } = usage;
  const tag = tagOf(response);
  (state.goneForks ??= []).push(tag);
  if (state.dialog?.remoteTag === tag) {
    state.rseq = undefined;
    state.owedPrack = undefined;
    usage.move(usage, '199', { response });
  } else if (state.forks) state.forks = state.forks.filter(({ dialog }) => dialog.remoteTag !== tag);
}

/** 101 to 199 to our INVITE. */
export function receiveProvisional(usage: UsageContext, response: SipResponse): void {
  const { dialog, goneForks } = usage.state;
  if (response.status === 100) return;
  if (response.to.tag === undefined) usage.move(usage, '1xx', { response });
  else if (goneForks?.includes(response.to.tag)) return;
  else if (response.status === EARLY_DIALOG_TERMINATED) receiveTerminated(usage, response);
  else if (!dialog || dialog.remoteTag === response.to.tag) receiveFollowed(usage, response);
  else receiveUnfollowed(usage, response);
}
