import { SipRequest } from '../message/sip-request';
import { hopHeaders } from './ack-request';

/**
 * The CANCEL of an INVITE, with extra headers such as Reason (RFC 3261 §9.1; RFC 3326 §2). Without those that would not survive
 * the wire: a CANCEL that is not sent leaves a telephone ringing.
 */
export function cancelRequest(invite: SipRequest, extra: Iterable<readonly [string, string]>): SipRequest {
  const headers = hopHeaders(invite, invite.headers.get('To') ?? '', 'CANCEL');
  for (const [name, value] of extra) {
    try {
      headers.append(name, value);
    } catch {
      continue;
    }
  }
  return new SipRequest('CANCEL', invite.requestUri, headers);
}
