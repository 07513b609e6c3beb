import type { Flow } from '../message/flow';
import { comparableHost } from '../message/ipv6-address';
import type { SipRequest } from '../message/sip-request';

/**
 * Writes into the topmost Via where a request really came from (RFC 3261 §18.2.1): `received` when sent-by says otherwise;
 * `received` and the value of `rport` always when rport was asked for (RFC 3581 §4).
 */
export function markReceived(request: SipRequest, flow: Flow): void {
  const { via } = request;
  const asked = via.params.has('rport');
  const { host, port } = flow.remote;
  if (!asked && (via.host === host || comparableHost(via.host) === comparableHost(host))) return;
  via.params.set('received', host);
  if (asked) via.params.set('rport', String(port));
  request.headers.replaceFirst('Via', via.toString());
}
