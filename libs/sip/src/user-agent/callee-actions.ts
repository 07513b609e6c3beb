import { noteInviteResponse, stepExchange } from './offer-answer';
import { sendProvisionalReliably } from './reliable-provisional';
import { noteLocalBody, sessionAnswerHeaders } from './session-timer';
import { bodyOf } from './stored-body';
import { answerTo } from './stored-request';
import { sendTwoHundred } from './two-hundred';
import type { UsageContext, UsageInput } from './usage-context';

export type CalleeAction =
  | 'send 1xx'
  | 'send 2xx'
  | 'send 3xx-6xx'
  | 'send 487'
  | 'send 504'
  | 'hold BYE'
  | 'tell cancelled'
  | 'tell acknowledged'
  | 'tell no ack';

function answer(usage: UsageContext, status: number, input: UsageInput): void {
  const { incoming } = usage.state;
  if (!incoming) return;
  const response = answerTo(usage, incoming.request, status, input);
  const { transactionKey, request } = incoming;
  usage.output.sendResponse(usage.id, transactionKey, response);
  if (status < 200) return;
  usage.state.incoming = undefined;
  const { reason, headers } = input;
  usage.state.refusal = { transactionKey, request, status, reason, headers };
}

function sendProvisional(usage: UsageContext, input: UsageInput): void {
  const status = input.status ?? 180;
  if (!sendProvisionalReliably(usage, status, input.body, input.headers)) answer(usage, status, input);
}

function accept(usage: UsageContext, input: UsageInput): void {
  const { incoming } = usage.state;
  if (!incoming) return;
  usage.state.incoming = undefined;
  usage.state.reliable = undefined;
  usage.dialog.state = 'confirmed';
  noteInviteResponse(usage, 'send', 200, input.body !== undefined);
  noteLocalBody(usage, input.body);
  const headers = [...sessionAnswerHeaders(usage, incoming.request), ...(input.headers ?? [])];
  const response = answerTo(usage, incoming.request, input.status ?? 200, { ...input, headers });
  sendTwoHundred(usage, incoming.transactionKey, response, 'INVITE');
}

export const calleeActions: Readonly<Record<CalleeAction, (usage: UsageContext, input: UsageInput) => void>> =
  {
    'send 1xx': sendProvisional,
    'send 2xx': accept,
    'send 3xx-6xx': (usage, input) => answer(usage, input.status ?? 480, input),
    'send 487': (usage) => answer(usage, 487, {}),
    'send 504': (usage) => answer(usage, 504, {}),
    'hold BYE': (usage, { reason }) => {
      if (reason !== undefined) usage.state.byeReason = reason;
    },
    'tell cancelled': (usage) => usage.tell({ type: 'cancelled' }),
    'tell acknowledged': (usage, { request }) => {
      stepExchange(usage, 'receive answer', 'INVITE');
      const body = request && bodyOf(request);
      usage.tell({ type: 'acknowledged', purpose: 'INVITE', body });
    },
    'tell no ack': (usage) => {
      stepExchange(usage, 'refused', 'INVITE');
      usage.tell({ type: 'no ack', purpose: 'INVITE' });
    },
  };
