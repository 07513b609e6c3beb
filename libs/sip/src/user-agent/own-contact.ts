import type { Flow, TransportProtocol } from '../message/flow';
import { NameAddr } from '../message/name-addr';
import { SipUri } from '../message/sip-uri';
import type { LocalAddress, TransactionLayer } from '../transaction/transaction-layer';
import { isSecure, protocolOf } from '../transport/next-hop';

/** What names a transport in a URI; in a sips: URI it names what is below TLS (RFC 3261 §26.2.2, RFC 7118 §5.2). */
function transportParam(protocol: TransportProtocol, scheme: 'sip' | 'sips'): string {
  if (scheme === 'sips') return protocol === 'WSS' ? 'ws' : 'tcp';
  return protocol.toLowerCase();
}

function contactAt(
  { protocol, host, port }: LocalAddress,
  user?: string,
  scheme: 'sip' | 'sips' = 'sip',
): string {
  const uri = SipUri.of({
    scheme,
    host,
    port,
    ...(user !== undefined && { user }),
    ...(protocol !== 'UDP' && { params: { transport: transportParam(protocol, scheme) } }),
  });
  return NameAddr.of({ uri: uri.toString() }).toString();
}

/** `<sip:user@host:port>` of this node, by its first transport. */
export const defaultContact = (layer: TransactionLayer, user?: string): string =>
  contactAt(layer.localAddressFor(), user);

/**
 * Our Contact value towards a peer that is not reached by UDP, by Request-URI and flow: it names the transport, so that the peer
 * comes back the same way. undefined: the default one.
 */
export function contactTowards(
  layer: TransactionLayer,
  requestUri: string,
  flow?: Flow,
  user?: string,
): string | undefined {
  const uri = SipUri.parse(requestUri);
  const own = flow ? ownAddress(layer, flow) : uri && addressTowards(layer, uri);
  if (!own) return undefined;
  // Who asks for security is told a URI that keeps it (RFC 3261 §8.1.1.8, §12.1.1).
  return contactAt(own, user, uri?.scheme === 'sips' && isSecure(own.protocol) ? 'sips' : 'sip');
}

function addressTowards(layer: TransactionLayer, uri: SipUri): LocalAddress | undefined {
  const protocol = protocolOf(uri) ?? 'UDP';
  return ownAddress(layer, { protocol, remote: { host: uri.host, port: 0 }, local: { host: '', port: 0 } });
}

/** undefined for UDP, and when there is no transport of this protocol. */
function ownAddress(layer: TransactionLayer, flow: Flow): LocalAddress | undefined {
  const own = layer.localAddressFor(flow);
  return own.protocol === 'UDP' || own.protocol !== flow.protocol ? undefined : own;
}
