import { Headers } from '../message/headers';
import { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import type { UsageContext } from './usage-context';
import type { HeaderList, SdpBody } from './usage-body';
import { bodyFields } from './stored-body';
import type { StoredRequest } from './usage-state';

/** Keeps of a request what its responses are made of (RFC 3261 §8.2.6.2). */
export function storeRequest(request: SipRequest): StoredRequest {
  const recordRoutes = request.headers.getAll('Record-Route');
  const target = request.contact?.uri;
  return {
    method: request.method,
    cseq: request.cseq.number,
    vias: request.headers.getAll('Via'),
    from: request.headers.get('From') ?? '',
    to: request.headers.get('To') ?? '',
    hasBody: request.body.length > 0,
    ...(recordRoutes.length > 0 && { recordRoutes }),
    ...(target !== undefined && { target }),
    ...(request.flow && { flow: request.flow }),
  };
}

export interface AnswerOptions {
  readonly reason?: string | undefined;
  readonly body?: SdpBody | undefined;
  readonly headers?: HeaderList | undefined;
}

/** The response to a stored request, with our tag; one that opens or refreshes the dialog says where to reach us (§12.1.1). */
export function answerTo(
  usage: UsageContext,
  stored: StoredRequest,
  status: number,
  options: AnswerOptions = {},
): SipResponse {
  const { dialog } = usage;
  const headers = new Headers();
  for (const via of stored.vias) headers.append('Via', via);
  headers.append('From', stored.from).append('To', stored.to);
  headers.append('Call-ID', dialog.sipCallId).append('CSeq', `${stored.cseq} ${stored.method}`);
  const request = new SipRequest(stored.method, dialog.localUri, headers);
  if (stored.flow) request.flow = stored.flow;
  return SipResponse.to(request, status, {
    toTag: dialog.localTag,
    headers: [...dialogHeaders(usage, stored, status), ...(options.headers ?? [])],
    ...(options.reason !== undefined && { reason: options.reason }),
    ...bodyFields(options.body),
  });
}

function dialogHeaders(usage: UsageContext, stored: StoredRequest, status: number): [string, string][] {
  if (status <= 100 || status >= 300) return [];
  const added: [string, string][] = [];
  if (stored.method !== 'INVITE' && stored.method !== 'UPDATE') return added;
  for (const route of stored.recordRoutes ?? []) added.push(['Record-Route', route]);
  added.push(['Contact', usage.contact]);
  if (status >= 200) added.push(['Allow', usage.output.allow]);
  return added;
}
