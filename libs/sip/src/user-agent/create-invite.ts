import { Headers } from '../message/headers';
import { SipRequest } from '../message/sip-request';
import { sessionRequestHeaders } from './session-timer';
import { bodyFields } from './stored-body';
import type { SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { InviteUsageState } from './usage-state';

const MAX_FORWARDS = '70';
/** Extra header fields of these names replace ours. */
const REPLACEABLE: readonly string[] = ['Max-Forwards', 'Contact', 'Allow', 'Supported'];

/** The INVITE that opens a dialog, without Via (RFC 3261 §8.1.1, §13.2.1). */
export function createInvite(
  usage: UsageContext,
  outgoing: NonNullable<InviteUsageState['outgoing']>,
  cseq: number,
  body: SdpBody | undefined,
): SipRequest {
  const headers = new Headers();
  for (const route of outgoing.routeSet ?? []) headers.append('Route', route);
  headers.append('Max-Forwards', MAX_FORWARDS);
  headers.append('From', `${outgoing.from};tag=${outgoing.localTag}`);
  headers.append('To', outgoing.to);
  headers.append('Call-ID', outgoing.sipCallId);
  headers.append('CSeq', `${cseq} INVITE`);
  headers.append('Contact', outgoing.contact);
  headers.append('Allow', usage.output.allow);
  const supported = usage.supported.filter((tag) => !outgoing.withheld?.includes(tag));
  if (supported.length > 0) headers.append('Supported', supported.join(', '));
  if (supported.includes('timer'))
    for (const [name, value] of sessionRequestHeaders(usage)) headers.append(name, value);
  for (const [name, value] of outgoing.headers ?? []) {
    if (REPLACEABLE.includes(name)) headers.set(name, value);
    else headers.append(name, value);
  }
  const { contentType, body: bytes } = bodyFields(body);
  if (contentType !== undefined && bytes && bytes.length > 0) headers.append('Content-Type', contentType);
  return new SipRequest('INVITE', outgoing.requestUri, headers, bytes);
}
