import { answerTo, storeRequest } from './stored-request';
import { sendTwoHundred } from './two-hundred';
import type { SipRequest } from '../message/sip-request';
import { isTargetRefresh } from '../dialog/receive-in-dialog';
import type { ExchangeRequest } from './offer-answer';
import { noteInviteResponse, stepExchange } from './offer-answer';
import { noteLocalBody, sessionAnswerHeaders } from './session-timer';
import type { HeaderList, SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { InviteUsageState, StoredRequest } from './usage-state';

/** The request that waits under this transaction key. */
export const servedRequest = (
  { served }: InviteUsageState,
  transactionKey: string,
): StoredRequest | undefined => served?.find((waiting) => waiting.transactionKey === transactionKey)?.request;

export const hasServed = (usage: UsageContext, method: string): boolean =>
  usage.state.served?.some(({ request }) => request.method === method) ?? false;

/** A re-INVITE of the peer that we have not answered. */
export const hasServedInvite = (usage: UsageContext): boolean => hasServed(usage, 'INVITE');

/** Keeps a request until its answer is given. */
export function serve(usage: UsageContext, request: SipRequest, transactionKey: string): void {
  const stored = storeRequest(request);
  (usage.state.served ??= []).push({ transactionKey, request: stored });
  const exchange = exchangeOf(stored);
  if (exchange && stored.hasBody) stepExchange(usage, 'receive offer', exchange);
}

const EXCHANGES: readonly ExchangeRequest[] = ['INVITE', 'UPDATE', 'PRACK'];
const exchangeOf = ({ method }: StoredRequest): ExchangeRequest | undefined =>
  EXCHANGES.find((request) => request === method);

/** A final answer closes the exchange that its request opened, or opens one in a 2xx to INVITE. */
function noteAnswer(usage: UsageContext, stored: StoredRequest, status: number, hasBody: boolean): void {
  const exchange = exchangeOf(stored);
  if (!exchange || status < 200) return;
  if (status >= 300) stepExchange(usage, 'refused', exchange);
  else if (exchange === 'INVITE') noteInviteResponse(usage, 'send', status, hasBody);
  else stepExchange(usage, 'send answer', exchange);
}

function release(usage: UsageContext, transactionKey: string, stored: StoredRequest, status: number): void {
  const waiting = usage.state.served?.filter((served) => served.transactionKey !== transactionKey);
  if (waiting?.length) usage.state.served = waiting;
  else usage.state.served = undefined;
  if (stored.method !== 'INVITE') usage.state.lastAnswer = { cseq: stored.cseq, status };
}

/** Answers a request that waits for it; a second final answer, or one to an unknown request, does nothing. */
export function answerServed(
  usage: UsageContext,
  transactionKey: string,
  status: number,
  options: { body?: SdpBody | undefined; headers?: HeaderList | undefined } = {},
): void {
  const stored = servedRequest(usage.state, transactionKey);
  if (!stored) return;
  noteAnswer(usage, stored, status, options.body !== undefined);
  const accepts = status >= 200 && status < 300;
  const added = accepts ? acceptanceHeaders(usage, stored, options.body) : [];
  const headers = [...added, ...(options.headers ?? [])];
  const response = answerTo(usage, stored, status, { body: options.body, headers });
  if (status >= 200) release(usage, transactionKey, stored, status);
  if (accepts && stored.method === 'INVITE') sendTwoHundred(usage, transactionKey, response, 're-INVITE');
  else usage.output.sendResponse(usage.id, transactionKey, response);
}

/** What changes with a 2xx: the remote target, not before (RFC 6141 §4.6), and the interval of the session. */
function acceptanceHeaders(
  usage: UsageContext,
  stored: StoredRequest,
  body: SdpBody | undefined,
): [string, string][] {
  if (!isTargetRefresh(stored.method)) return [];
  if (stored.target !== undefined) usage.dialog.remoteTarget = stored.target;
  noteLocalBody(usage, body);
  return sessionAnswerHeaders(usage, stored);
}

/** Answers a request at once. */
export function answerAtOnce(
  usage: UsageContext,
  request: SipRequest,
  transactionKey: string,
  status: number,
  headers?: HeaderList,
): void {
  usage.output.sendResponse(
    usage.id,
    transactionKey,
    answerTo(usage, storeRequest(request), status, { headers }),
  );
}

/** The dialog ends: every request that waits gets this status (RFC 3261 §15.1.2). */
export function refuseServed(usage: UsageContext, status: number): void {
  for (const { transactionKey } of usage.state.served ?? []) answerServed(usage, transactionKey, status);
}
