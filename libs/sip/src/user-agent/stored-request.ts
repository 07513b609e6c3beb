import type { DialogState } from '../dialog/dialog-state';
import { decodeOptionTags } from '../message/header/option-tags';
import { Headers } from '../message/headers';
import { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { sessionRequestOf } from './session-timer';
import type { UsageContext } from './usage-context';
import type { HeaderList, SdpBody } from './usage-body';
import { bodyFields } from './stored-body';
import type { StoredRequest } from './usage-state';

/** Keeps of a request what its responses are made of (RFC 3261 §8.2.6.2). */
export function storeRequest(request: SipRequest): StoredRequest {
  const recordRoutes = request.headers.getAll('Record-Route');
  const target = request.contact?.uri;
  const reliability = reliabilityOf(request);
  const session = sessionRequestOf(request);
  return {
    method: request.method,
    cseq: request.cseq.number,
    vias: request.headers.getAll('Via'),
    from: request.headers.get('From') ?? '',
    to: request.headers.get('To') ?? '',
    hasBody: request.body.length > 0,
    recordRoutes: recordRoutes.length > 0 ? recordRoutes : undefined,
    target,
    reliability,
    session,
    flow: request.flow,
  };
}

function reliabilityOf({ method, headers }: SipRequest): StoredRequest['reliability'] {
  if (method !== 'INVITE') return undefined;
  if (decodeOptionTags(headers, 'Require').includes('100rel')) return 'required';
  return decodeOptionTags(headers, 'Supported').includes('100rel') ? 'supported' : undefined;
}

export interface AnswerOptions {
  readonly reason?: string | undefined;
  readonly body?: SdpBody | undefined;
  readonly headers?: HeaderList | undefined;
}

/** What is left of a stored request: enough to answer it, and for its transaction to be found. */
export function loadedRequest({ sipCallId, localUri }: DialogState, stored: StoredRequest): SipRequest {
  const headers = new Headers();
  // As the parser left them: they have been checked.
  for (const via of stored.vias) headers.appendTrusted('Via', via);
  headers.appendTrusted('From', stored.from).appendTrusted('To', stored.to);
  headers.appendTrusted('Call-ID', sipCallId);
  headers.appendTrusted('CSeq', `${stored.cseq} ${stored.method}`);
  const request = new SipRequest(stored.method, localUri, headers);
  if (stored.flow) request.flow = stored.flow;
  return request;
}

/** The response to a stored request, with our tag; one that opens or refreshes the dialog says where to reach us (§12.1.1). */
export function answerTo(
  usage: UsageContext,
  stored: StoredRequest,
  status: number,
  options: AnswerOptions = {},
): SipResponse {
  const { dialog } = usage;
  return SipResponse.to(loadedRequest(dialog, stored), status, {
    toTag: dialog.localTag,
    headers: [...dialogHeaders(usage, stored, status), ...(options.headers ?? [])],
    reason: options.reason,
    ...bodyFields(options.body),
  });
}

function dialogHeaders(usage: UsageContext, stored: StoredRequest, status: number): [string, string][] {
  if (status <= 100 || status >= 300) return [];
  const added: [string, string][] = [];
  if (stored.method !== 'INVITE' && stored.method !== 'UPDATE') return added;
  for (const route of stored.recordRoutes ?? []) added.push(['Record-Route', route]);
  added.push(['Contact', usage.contact]);
  if (status < 200) return added;
  added.push(['Allow', usage.output.allow]);
  if (usage.supported.length > 0) added.push(['Supported', usage.supported.join(', ')]);
  return added;
}
