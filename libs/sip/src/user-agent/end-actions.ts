import { abandonReinvite, acknowledgePendingReinvite, tellReinvitesLost } from './reinvite-client';
import { tellRequestsLost } from './sent-requests';
import { refuseServed } from './served-requests';
import { stopSessionTimer } from './session-timer';
import { answerTo, storeRequest } from './stored-request';
import type { UsageContext, UsageInput } from './usage-context';
import type { EndReason } from './usage-events';

export type EndAction =
  | 'answer BYE'
  | 'send BYE'
  | 'tell bye'
  | 'because refused'
  | 'because cancelled'
  | 'because bye sent'
  | 'because bye received'
  | 'because dialog lost'
  | 'bury'
  | 'tell ended';

/** A refused INVITE in progress gets 487 with the BYE, or its peer waits for ever (RFC 3261 §15.1.2). */
const REQUEST_TERMINATED = 487;

function sendBye(usage: UsageContext, { reason }: UsageInput): void {
  acknowledgePendingReinvite(usage);
  abandonReinvite(usage);
  stopSessionTimer(usage);
  usage.state.localBody = undefined;
  refuseServed(usage, REQUEST_TERMINATED);
  const value = reason ?? usage.state.byeReason;
  usage.state.byeReason = undefined;
  usage.state.byeCSeq = usage.send('BYE', value === undefined ? {} : { headers: [['Reason', value]] });
}

function answerBye(usage: UsageContext, { request, transactionKey }: UsageInput): void {
  if (!request || transactionKey === undefined) return;
  usage.output.sendResponse(usage.id, transactionKey, answerTo(usage, storeRequest(request), 200));
  refuseServed(usage, REQUEST_TERMINATED);
}

/** Nothing more is sent or waited for; what the transaction user still has to hear is told by 'tell ended'. */
function bury(usage: UsageContext): void {
  const { state } = usage;
  usage.stopTimers();
  if (state.dialog) {
    state.dialog.state = 'terminated';
    usage.output.dialogRemoved(usage.id, state.dialog);
  }
  state.incoming = undefined;
  state.outgoing = undefined;
  state.sentTwoHundreds = undefined;
  state.sentAcks = undefined;
  state.reliable = undefined;
  state.exchange = undefined;
  state.forks = undefined;
  state.localBody = undefined;
  state.session = undefined;
}

function because(reason: EndReason): (usage: UsageContext) => void {
  return ({ state }) => {
    state.endReason = reason;
  };
}

export const endActions: Readonly<Record<EndAction, (usage: UsageContext, input: UsageInput) => void>> = {
  'answer BYE': answerBye,
  'send BYE': sendBye,
  'tell bye': (usage, { request }) => request && usage.tell({ type: 'bye', request }),
  'because refused': because('refused'),
  'because cancelled': because('cancelled'),
  'because bye sent': because('bye sent'),
  'because bye received': because('bye received'),
  'because dialog lost': because('dialog lost'),
  bury,
  'tell ended': (usage) => {
    tellRequestsLost(usage);
    tellReinvitesLost(usage);
    usage.tell({ type: 'ended', reason: usage.state.endReason ?? 'dialog lost' });
  },
};
