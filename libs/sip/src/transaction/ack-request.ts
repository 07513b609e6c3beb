import { Headers } from '../message/headers';
import { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';

const CREDENTIALS = ['Authorization', 'Proxy-Authorization'];

/** The ACK for a final response other than 2xx: hop by hop, within the INVITE's transaction (RFC 3261 §17.1.1.3, §22.1). */
export function ackRequest(invite: SipRequest, response: SipResponse): SipRequest {
  const headers = hopHeaders(invite, response.headers.get('To') ?? '', 'ACK');
  return new SipRequest('ACK', invite.requestUri, headers);
}

/** What ACK and CANCEL take over from their INVITE: its topmost Via alone, From, Call-ID, the CSeq number, Route, credentials. */
export function hopHeaders(invite: SipRequest, to: string, method: 'ACK' | 'CANCEL'): Headers {
  const headers = new Headers();
  headers.append('Via', invite.via.toString()).append('Max-Forwards', '70');
  headers.append('From', invite.headers.get('From') ?? '').append('To', to);
  headers.append('Call-ID', invite.callId).append('CSeq', `${invite.cseq.number} ${method}`);
  for (const route of invite.headers.getAll('Route')) headers.append('Route', route);
  for (const name of CREDENTIALS)
    for (const value of invite.headers.getAll(name)) headers.append(name, value);
  return headers;
}
