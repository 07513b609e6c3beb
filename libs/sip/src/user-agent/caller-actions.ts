import { confirmUacDialog, createUacDialog } from '../dialog/create-dialog';
import type { DialogState } from '../dialog/dialog-state';
import type { SipResponse } from '../message/sip-response';
import { BRANCH_COOKIE } from '../message/via';
import { isFlow } from '../transport/transport';
import { sendAck } from './acknowledgement';
import { credentialsIn, withCredentials } from './authorization';
import { createInvite } from './create-invite';
import { earlyFork } from './early-fork';
import { FORK_TIMER } from './hang-up-fork';
import { noteInviteResponse, stepExchange } from './offer-answer';
import { noteLocalBody, noteSessionResponse, noteStoredBody } from './session-timer';
import { loadedBody, storeBody } from './stored-body';
import type { SdpBody } from './usage-body';
import type { UsageContext, UsageInput } from './usage-context';

export type CallerAction =
  | 'send INVITE'
  | 'send INVITE again'
  | 'send CANCEL'
  | 'open early dialog'
  | 'close early dialog'
  | 'confirm dialog'
  | 'send ACK'
  | 'send bare ACK'
  | 'tell provisional'
  | 'tell accepted'
  | 'tell refused'
  | 'tell refused as cancelled';

/** Any number below 2^31 would do (RFC 3261 §8.1.1.5). */
const FIRST_CSEQ = 1;
const BRANCH_BYTES = 12;

function sendInvite(usage: UsageContext, input: UsageInput): void {
  const { outgoing } = usage.state;
  if (!outgoing) return;
  const cseq = (usage.state.inviteCSeq ?? 0) + 1;
  usage.state.inviteCSeq = cseq;
  usage.state.requestUri = outgoing.requestUri;
  if (outgoing.target && isFlow(outgoing.target)) usage.state.calledByFlow = outgoing.requestUri;
  usage.state.contact = outgoing.contact;
  const request = createInvite(usage, outgoing, cseq, input.body);
  if (input.body) stepExchange(usage, 'send offer', 'INVITE');
  const branch = BRANCH_COOKIE + usage.output.ids.token(BRANCH_BYTES);
  const { target } = outgoing;
  usage.output.sendRequest(usage.id, request, target ? { target, branch } : { branch });
  // A 422 asks for the same with another interval, a 401 or 407 for credentials, and the next process sends it as it was.
  outgoing.branch = branch;
  outgoing.way = undefined;
  if (input.body) outgoing.body = storeBody(input.body);
}

function sendInviteAgain(usage: UsageContext, { headers }: UsageInput): void {
  const { outgoing } = usage.state;
  if (!outgoing) return;
  if (headers) usage.state.outgoing = { ...outgoing, headers: withCredentials(outgoing.headers, headers) };
  usage.state.exchange = undefined;
  const body = loadedBody(outgoing.body);
  sendInvite(usage, body ? { body } : {});
}

function openDialog(usage: UsageContext, response: SipResponse, early?: DialogState): void {
  const { requestUri = '' } = usage.state;
  usage.state.dialog = early ? confirmUacDialog(early, response) : createUacDialog(response, requestUri);
  usage.output.dialogAdded(usage.id, usage.state.dialog);
}

/** The 2xx may be of another branch than the provisional responses were: then its dialog takes their place. */
function confirmDialog(usage: UsageContext, input: UsageInput): void {
  const { response } = input;
  const early = usage.state.dialog;
  if (!response) return;
  noteInviteResponse(usage, 'receive', response.status, response.body.length > 0);
  if (early && early.remoteTag === (response.to.tag ?? '')) {
    usage.state.dialog = confirmUacDialog(early, response);
  } else {
    if (early) usage.output.dialogRemoved(usage.id, early);
    openDialog(usage, response, earlyFork(usage, response)?.dialog);
  }
  noteSessionResponse(usage, response);
  const credentials = credentialsIn(usage.state.outgoing?.headers);
  if (credentials.length > 0) usage.state.credentials = credentials;
  usage.state.challenges = undefined;
  forgetInvite(usage);
  usage.state.requestUri = undefined;
  usage.state.rseq = undefined;
  usage.state.owedPrack = undefined;
  usage.state.goneForks = undefined;
  if (usage.state.forks) usage.startTimer(FORK_TIMER, usage.patienceMs);
}

/** It has said what we described, which a refresh will need; an UPDATE may have said other things since. */
function forgetInvite(usage: UsageContext): void {
  const { localBody, outgoing } = usage.state;
  if (!localBody) noteStoredBody(usage, outgoing?.body ?? null);
  usage.state.outgoing = undefined;
}

function closeEarlyDialog(usage: UsageContext): void {
  const { dialog } = usage.state;
  if (dialog) usage.output.dialogRemoved(usage.id, dialog);
  usage.state.dialog = null;
}

function acknowledge(usage: UsageContext, body?: SdpBody): void {
  stepExchange(usage, 'send answer', 'INVITE');
  noteLocalBody(usage, body);
  sendAck(usage, cseqOf(usage), body, usage.state.credentials);
  usage.state.credentials = undefined;
}

const cseqOf = (usage: UsageContext): number => usage.state.inviteCSeq ?? FIRST_CSEQ;

export const callerActions: Readonly<Record<CallerAction, (usage: UsageContext, input: UsageInput) => void>> =
  {
    'send INVITE': sendInvite,
    'send INVITE again': sendInviteAgain,
    'send CANCEL': (usage, { reason }) =>
      usage.output.sendCancel(usage.id, reason === undefined ? undefined : [['Reason', reason]]),
    'open early dialog': (usage, { response }) => response && openDialog(usage, response),
    'close early dialog': closeEarlyDialog,
    'confirm dialog': confirmDialog,
    'send ACK': (usage, { body }) => acknowledge(usage, body),
    'send bare ACK': (usage) => acknowledge(usage),
    'tell provisional': (usage, { response }) => response && usage.tell({ type: 'provisional', response }),
    'tell accepted': (usage, { response }) =>
      response && usage.tell({ type: 'accepted', purpose: 'INVITE', response }),
    'tell refused': (usage, { status = 503, response }) =>
      usage.tell({ type: 'refused', purpose: 'INVITE', status, response }),
    'tell refused as cancelled': (usage) => usage.tell({ type: 'refused', purpose: 'INVITE', status: 487 }),
  };
