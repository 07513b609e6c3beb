import type { SipRequest } from '../message/sip-request';
import { BRANCH_COOKIE } from '../message/via';

/** Whether a request comes from a client that makes unique branches (RFC 3261 §8.1.1.7). */
export const hasUniqueBranch = (request: SipRequest): boolean =>
  request.via.branch?.startsWith(BRANCH_COOKIE) ?? false;

/**
 * What a request and its retransmissions have in common, and an INVITE with its ACK (RFC 3261 §17.2.3): branch, sent-by and
 * method; for RFC 2543 peers Request-URI, From tag, Call-ID, CSeq number and what their Via has. `method` asks for the
 * transaction of another method on the same branch.
 */
export function serverTransactionKey(request: SipRequest, method = request.method): string {
  const { via } = request;
  const own = method === 'ACK' ? 'INVITE' : method;
  const sentBy = via.sentBy.toLowerCase();
  if (hasUniqueBranch(request)) return `${via.branch}|${sentBy}|${own}`;
  const { from, callId, cseq } = request;
  const rest = `${cseq.number}|${via.protocol}|${via.branch ?? ''}|${sentBy}|${own}`;
  return `2543|${request.requestUri}|${from.tag ?? ''}|${callId}|${rest}`;
}

/** Finds the INVITE of a CANCEL whose topmost Via was changed on the way: Call-ID, CSeq number and From tag name one INVITE. */
export function cancelKey(request: SipRequest): string {
  return `${request.callId}|${request.cseq.number}|${request.from.tag ?? ''}`;
}
