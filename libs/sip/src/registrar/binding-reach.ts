import { comparableHost } from '../message/ipv6-address';
import type { Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { SipUri } from '../message/sip-uri';
import type { ViaValue } from '../message/via';
import { isReliable } from '../transport/transport';
import type { BindingReach } from './binding';

/** RFC 1918, RFC 6598, RFC 4193 and what RFC 7118 clients write. */
const UNREACHABLE =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|.*\.invalid$)/i;

const sameHost = (a: string, b: string): boolean => comparableHost(a) === comparableHost(b);

const portOf = (port: number | undefined): number => port ?? 5060;

/** Behind a NAT: a Contact that names the client as it sees itself, or an address nobody outside can send to, leads nowhere. */
const isBehindNat = (contact: SipUri, via: ViaValue, { remote }: Flow): boolean =>
  !sameHost(via.host, remote.host) &&
  (sameHost(contact.host, via.host) || sameHost(contact.host, remote.host) || UNREACHABLE.test(contact.host));

/** Not behind a NAT: over a connection of the client's, or where it sends from when it says that it listens there (RFC 3581). */
function listensWhereItSends(contact: SipUri, via: ViaValue, { protocol, remote }: Flow): boolean {
  if (!sameHost(contact.host, remote.host)) return false;
  const isOwnPort = [portOf(via.port), remote.port].includes(portOf(contact.port));
  return isReliable(protocol) || (via.params.has('rport') && isOwnPort);
}

/**
 * How requests reach the client behind a Contact. Through a Path where there is one. Along the flow of its REGISTER when the client
 * speaks to us itself and its Contact names it, but could not be sent to (NAT), or need not be (connection, symmetric UDP). Else
 * as the Contact says: it may name another machine.
 */
export function bindingReach(request: SipRequest, contact: SipUri, path: readonly string[]): BindingReach {
  const { flow, via } = request;
  if (path.length > 0) return 'path';
  if (!flow || request.headers.getAll('Via').length > 1) return 'contact';
  const isWebSocket = flow.protocol === 'WS' || flow.protocol === 'WSS';
  const alongFlow = isWebSocket || isBehindNat(contact, via, flow) || listensWhereItSends(contact, via, flow);
  return alongFlow ? 'flow' : 'contact';
}
