import { comparableHost } from '../message/ipv6-address';
import type { SipRequest } from '../message/sip-request';
import type { SipUri } from '../message/sip-uri';
import { isReliable } from '../transport/transport';
import type { BindingReach } from './binding';

/** RFC 1918, RFC 6598, RFC 4193 and what RFC 7118 clients write. */
const UNREACHABLE =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|.*\.invalid$)/i;

const sameHost = (a: string, b: string): boolean => comparableHost(a) === comparableHost(b);

/**
 * How requests reach the client behind a Contact. Through a Path where there is one. Along the flow when the client speaks to us
 * itself and its Contact names it: over a connection, from behind a NAT (its Via had to be given `received`, or its Contact is an
 * address nobody outside can send to), or when it asked for symmetric responses (RFC 3581: it listens where it sends from). Else
 * as the Contact says: it may name another machine.
 */
export function bindingReach(request: SipRequest, contact: SipUri, path: readonly string[]): BindingReach {
  const { flow, via } = request;
  if (path.length > 0) return 'path';
  if (!flow || request.headers.getAll('Via').length > 1) return 'contact';
  if (flow.protocol === 'WS' || flow.protocol === 'WSS') return 'flow';
  const namesItself = sameHost(contact.host, via.host) || sameHost(contact.host, flow.remote.host);
  if (!namesItself) return UNREACHABLE.test(contact.host) ? 'flow' : 'contact';
  const symmetric = isReliable(flow.protocol) || via.params.has('rport');
  return symmetric || !sameHost(contact.host, flow.remote.host) ? 'flow' : 'contact';
}
