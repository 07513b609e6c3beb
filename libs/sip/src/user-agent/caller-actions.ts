import { confirmUacDialog, createUacDialog } from '../dialog/create-dialog';
import type { SipResponse } from '../message/sip-response';
import { sendAck } from './acknowledgement';
import { createInvite } from './create-invite';
import type { UsageContext, UsageInput } from './usage-context';

export type CallerAction =
  | 'send INVITE'
  | 'send CANCEL'
  | 'open early dialog'
  | 'confirm dialog'
  | 'send ACK'
  | 'send bare ACK'
  | 'tell provisional'
  | 'tell accepted'
  | 'tell refused'
  | 'tell refused as cancelled';

/** Any number below 2^31 would do (RFC 3261 §8.1.1.5). */
const FIRST_CSEQ = 1;

function sendInvite(usage: UsageContext, input: UsageInput): void {
  const { outgoing } = usage.state;
  if (!outgoing) return;
  usage.state.inviteCSeq = FIRST_CSEQ;
  usage.state.requestUri = outgoing.requestUri;
  usage.state.contact = outgoing.contact;
  const request = createInvite(usage, outgoing, FIRST_CSEQ, input.body);
  usage.output.sendRequest(usage.id, request, outgoing.target ? { target: outgoing.target } : {});
  delete usage.state.outgoing;
}

function openDialog(usage: UsageContext, response: SipResponse): void {
  usage.state.dialog = createUacDialog(response, usage.state.requestUri ?? '');
  usage.output.dialogAdded(usage.id, usage.state.dialog);
}

/** The 2xx may be of another branch than the provisional responses were: then its dialog takes their place. */
function confirmDialog(usage: UsageContext, input: UsageInput): void {
  const { response } = input;
  const early = usage.state.dialog;
  if (!response) return;
  if (early && early.remoteTag === (response.to.tag ?? '')) {
    usage.state.dialog = confirmUacDialog(early, response);
  } else {
    if (early) usage.output.dialogRemoved(usage.id, early);
    openDialog(usage, response);
  }
  delete usage.state.requestUri;
}

const cseqOf = (usage: UsageContext): number => usage.state.inviteCSeq ?? FIRST_CSEQ;

export const callerActions: Readonly<Record<CallerAction, (usage: UsageContext, input: UsageInput) => void>> =
  {
    'send INVITE': sendInvite,
    'send CANCEL': (usage, { reason }) =>
      usage.output.sendCancel(usage.id, reason === undefined ? undefined : [['Reason', reason]]),
    'open early dialog': (usage, { response }) => response && openDialog(usage, response),
    'confirm dialog': confirmDialog,
    'send ACK': (usage, { body }) => sendAck(usage, cseqOf(usage), body),
    'send bare ACK': (usage) => sendAck(usage, cseqOf(usage)),
    'tell provisional': (usage, { response }) => response && usage.tell({ type: 'provisional', response }),
    'tell accepted': (usage, { response }) =>
      response && usage.tell({ type: 'accepted', purpose: 'INVITE', response }),
    'tell refused': (usage, { status = 503, response }) =>
      usage.tell({ type: 'refused', purpose: 'INVITE', status, ...(response && { response }) }),
    'tell refused as cancelled': (usage) => usage.tell({ type: 'refused', purpose: 'INVITE', status: 487 }),
  };
