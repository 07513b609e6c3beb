import type { Hop, SipUri } from '@legato/sip';
import { lookup } from 'node:dns/promises';

const DEFAULT_PORT = 5060;

/** The addresses of a host name (RFC 3263 §4.2, A records only: our one transport is UDP over IPv4 or what the host says). */
export async function lookUp(uri: SipUri): Promise<readonly Hop[]> {
  const found = await lookup(uri.host, { all: true, family: 4 });
  return found.map(({ address }) => ({
    protocol: 'UDP',
    address: { host: address, port: uri.port ?? DEFAULT_PORT },
  }));
}
