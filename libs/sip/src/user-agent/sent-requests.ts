import { BRANCH_COOKIE } from '../message/via';
import { refreshTarget } from '../dialog/receive-in-dialog';
import type { SipResponse } from '../message/sip-response';
import { credentialsFor, MAX_CHALLENGES, withCredentials } from './authorization';
import { exchangeState, stepExchange } from './offer-answer';
import { noteSessionResponse, refreshRefused, sessionRequestHeaders } from './session-timer';
import { loadBody, loadedBody, storeBody } from './stored-body';
import type { HeaderList, SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { PendingRequest } from './usage-state';

/** Requests of the INVITE usage itself: 481 and 408 to one of them end it (RFC 3261 §12.2.1.2, RFC 5057 §5). */
const OF_THE_USAGE: readonly string[] = ['INFO', 'UPDATE'];
const BRANCH_BYTES = 12;
const ENDS_USAGE: readonly number[] = [408, 481];

/** What a request carries, beside what every one of its dialog does. */
export interface RequestContent {
  readonly body?: SdpBody | undefined;
  readonly headers?: HeaderList | undefined;
  /**
   * When the process dies before the answer is stored the next one sends the request as it was, by branch and CSeq: its peer takes
   * that for a retransmission and answers as the first time, without doing it twice (RFC 3261 §17.2.2).
   */
  readonly isRepeated?: true | undefined;
}

/** Queues a request behind those that wait, so that the peer sees them in the order of the calls. */
export function queueRequest(
  usage: UsageContext,
  method: string,
  token: string,
  { body, headers, isRepeated }: RequestContent,
): void {
  const content = { ...(body && { body: storeBody(body) }), ...(headers && { headers }) };
  (usage.state.requests ??= []).push({ method, token, ...content, ...(isRepeated && { isRepeated }) });
}

const makesOffer = ({ method, body }: PendingRequest): boolean => method === 'UPDATE' && body !== undefined;

/** No offer goes out while another one has no answer (RFC 3311 §5.1); other requests may overtake it. */
const waitsForAnswer = (usage: UsageContext, request: PendingRequest): boolean =>
  makesOffer(request) && exchangeState(usage) !== 'Stable';

/** Sends the next request when the one before it has its answer: UDP does not keep an order (RFC 3261 §12.2.2). */
export function pumpRequests(usage: UsageContext): void {
  const requests = usage.state.requests ?? [];
  if (!usage.isOpen || requests.some(({ cseq }) => cseq !== undefined)) return;
  const next = requests.find((request) => !waitsForAnswer(usage, request));
  if (!next) return;
  if (makesOffer(next)) stepExchange(usage, 'send offer', 'UPDATE');
  const isUpdate = next.method === 'UPDATE';
  const headers = [...(isUpdate ? updateHeaders(usage) : []), ...(next.headers ?? [])];
  const options = { headers, ...(isUpdate && { contact: usage.contact }), ...loadBody(next.body) };
  requests.splice(requests.indexOf(next), 1);
  if (next.isRepeated) {
    const branch = BRANCH_COOKIE + usage.output.ids.token(BRANCH_BYTES);
    requests.unshift({ ...next, cseq: usage.send(next.method, options, next.token, branch), branch });
    return;
  }
  const cseq = usage.send(next.method, options, next.token);
  requests.unshift({ ...(usage.output.authorize ? next : withoutContent(next)), cseq });
}

/** What is sent needs no copy, where it can not be challenged: its transaction has one. */
function withoutContent({ method, token, isRefresh }: PendingRequest): PendingRequest {
  return { method, token, ...(isRefresh && { isRefresh }) };
}

/** An UPDATE refreshes the session too (RFC 4028 §7.4). */
function updateHeaders(usage: UsageContext): [string, string][] {
  const { supported } = usage;
  return supported.length === 0 ? [] : [['Supported', supported.join(', ')], ...sessionRequestHeaders(usage)];
}

function underWay(usage: UsageContext): PendingRequest | undefined {
  const [first] = usage.state.requests ?? [];
  return first?.cseq === undefined ? undefined : first;
}

function answered(usage: UsageContext, status: number, response?: SipResponse): void {
  const request = underWay(usage);
  if (!request) return;
  dropFirst(usage);
  const { method, token } = request;
  if (method === 'UPDATE') stepExchange(usage, status < 300 ? 'receive answer' : 'refused', 'UPDATE');
  if (method === 'UPDATE' && status < 300 && response) noteSessionResponse(usage, response);
  if (!request.isRefresh)
    usage.tell({ type: 'answered', method, token, status, ...(response && { response }) });
  else if (status >= 300) refreshRefused(usage, response);
  if (endsUsage(usage, method, status)) usage.move(usage, 'dialog lost', {});
}

function endsUsage(usage: UsageContext, method: string, status: number): boolean {
  if (status === 408 && usage.output.outlivesTimeouts) return false;
  return OF_THE_USAGE.includes(method) && ENDS_USAGE.includes(status);
}

function dropFirst(usage: UsageContext): void {
  usage.state.requests?.shift();
  if (usage.state.requests?.length === 0) usage.state.requests = undefined;
}

/** With credentials, as the next request to be sent (RFC 3261 §22). */
function tryAgain(usage: UsageContext, request: PendingRequest, response: SipResponse): boolean {
  const { challenges = 0, method, token, isRefresh, isRepeated, body } = request;
  if (challenges >= MAX_CHALLENGES) return false;
  const { remoteTarget } = usage.dialog;
  const credentials = credentialsFor(usage, response, remoteTarget, loadedBody(body)?.bytes, request.headers);
  if (!credentials) return false;
  if (method === 'UPDATE') stepExchange(usage, 'refused', 'UPDATE');
  usage.state.requests?.splice(0, 1, {
    method,
    token,
    ...(body && { body }),
    ...(isRefresh && { isRefresh }),
    ...(isRepeated && { isRepeated }),
    headers: withCredentials(request.headers, credentials),
    challenges: challenges + 1,
  });
  return true;
}

export function receiveAnswer(usage: UsageContext, response: SipResponse): void {
  const request = underWay(usage);
  if (!request || request.cseq !== response.cseq.number || response.status < 200) return;
  if (tryAgain(usage, request, response)) return;
  if (request.method === 'UPDATE' && response.status < 300) refreshTarget(usage.dialog, response);
  answered(usage, response.status, response);
}

export function failRequest(usage: UsageContext, token: string | undefined, status: 408 | 503): void {
  if (underWay(usage)?.token === token) answered(usage, status);
}

/**
 * After a restart the answer to the request under way can not come, unless it is one to be repeated. Of any other the transaction user
 * knows whether it still wants it.
 */
export function resumeRequests(usage: UsageContext): void {
  const request = underWay(usage);
  if (!request) return;
  const { method, token, branch, cseq, headers, body } = request;
  if (branch === undefined || cseq === undefined) {
    dropFirst(usage);
    return;
  }
  usage.send(method, { cseq, ...(headers && { headers }), ...loadBody(body) }, token, branch);
}

/** At the end: each request that has no outcome gets one. */
export function tellRequestsLost(usage: UsageContext): void {
  const lost = usage.state.requests ?? [];
  usage.state.requests = undefined;
  for (const { method, token, isRefresh } of lost)
    if (!isRefresh) usage.tell({ type: 'answered', method, token, status: 481 });
}
