import { isIP } from 'node:net';
import type { TransportProtocol } from '../message/flow';
import { NameAddr } from '../message/name-addr';
import type { SipRequest } from '../message/sip-request';
import type { SipUri } from '../message/sip-uri';
import type { Hop } from './resolver';

const PROTOCOLS: Readonly<Record<string, TransportProtocol>> = {
  udp: 'UDP',
  tcp: 'TCP',
  tls: 'TLS',
  ws: 'WS',
  wss: 'WSS',
};

/** Whether a protocol proves who the server is. */
export const isSecure = (protocol: TransportProtocol): boolean => protocol === 'TLS' || protocol === 'WSS';

/** Port of a protocol when none is given (RFC 3261 §18.1.1, RFC 7118 §5.2). */
export function defaultPort(protocol: TransportProtocol): number {
  if (protocol === 'WS') return 80;
  if (protocol === 'WSS') return 443;
  return protocol === 'TLS' ? 5061 : 5060;
}

/**
 * The URI that decides where a request goes (RFC 3261 §8.1.2): the topmost Route when it is a loose router, otherwise the
 * Request-URI. undefined when that is no URI.
 */
export function nextHopUri(request: SipRequest): SipUri | undefined {
  const route = request.headers.get('Route') === undefined ? undefined : request.headers.getAll('Route')[0];
  const uri = route === undefined ? undefined : NameAddr.parse(route)?.sipUri;
  return uri?.params.has('lr') ? uri : request.uri;
}

/** The protocol a URI asks for, undefined when it leaves the choice (RFC 3263 §4.1). sips: is never sent in the clear. */
export function protocolOf(uri: SipUri): TransportProtocol | undefined {
  const named = PROTOCOLS[uri.params.get('transport')?.toLowerCase() ?? ''];
  if (uri.scheme !== 'sips') return named;
  return named === 'WS' || named === 'WSS' ? 'WSS' : 'TLS';
}

/** The host to look for: maddr overrides (RFC 3263 §4, RFC 3261 §19.1.1). */
export const targetHost = (uri: SipUri): string =>
  uri.params.get('maddr')?.replace(/^\[|\]$/g, '') ?? uri.host;

/** Whether a host is an IP literal. */
export const isLiteral = (host: string): boolean => isIP(host) !== 0;

/** The hop of a URI whose host is an IP literal or localhost; undefined when it takes a resolver. */
export function numericHop(uri: SipUri, fallback: TransportProtocol): Hop | undefined {
  const host = targetHost(uri);
  const literal = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  if (!isLiteral(literal)) return undefined;
  const protocol = protocolOf(uri) ?? fallback;
  const name = literal !== host && isSecure(protocol) ? { serverName: host } : {};
  return { protocol, address: { host: literal, port: uri.port ?? defaultPort(protocol), ...name } };
}
