import { bodyOf } from './stored-body';
import { answerTo } from './stored-request';
import { sendTwoHundred } from './two-hundred';
import type { UsageContext, UsageInput } from './usage-context';

export type CalleeAction =
  | 'send 1xx'
  | 'send 2xx'
  | 'send 3xx-6xx'
  | 'send 487'
  | 'hold BYE'
  | 'tell cancelled'
  | 'tell acknowledged'
  | 'tell no ack';

function answer(usage: UsageContext, status: number, input: UsageInput): void {
  const { incoming } = usage.state;
  if (!incoming) return;
  const response = answerTo(usage, incoming.request, status, input);
  usage.output.sendResponse(usage.id, incoming.transactionKey, response);
  if (status >= 200) delete usage.state.incoming;
}

function accept(usage: UsageContext, input: UsageInput): void {
  const { incoming } = usage.state;
  if (!incoming) return;
  delete usage.state.incoming;
  usage.dialog.state = 'confirmed';
  const response = answerTo(usage, incoming.request, input.status ?? 200, input);
  sendTwoHundred(usage, incoming.transactionKey, response, 'INVITE', incoming.request.hasBody);
}

export const calleeActions: Readonly<Record<CalleeAction, (usage: UsageContext, input: UsageInput) => void>> =
  {
    'send 1xx': (usage, input) => answer(usage, input.status ?? 180, input),
    'send 2xx': accept,
    'send 3xx-6xx': (usage, input) => answer(usage, input.status ?? 480, input),
    'send 487': (usage) => answer(usage, 487, {}),
    'hold BYE': (usage, { reason }) => {
      if (reason !== undefined) usage.state.byeReason = reason;
    },
    'tell cancelled': (usage) => usage.tell({ type: 'cancelled' }),
    'tell acknowledged': (usage, { request }) => {
      const body = request && bodyOf(request);
      usage.tell({ type: 'acknowledged', purpose: 'INVITE', ...(body && { body }) });
    },
    'tell no ack': (usage) => usage.tell({ type: 'no ack', purpose: 'INVITE' }),
  };
