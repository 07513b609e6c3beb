import type { Address, TransportProtocol } from '../message/flow';
import type { SipUri } from '../message/sip-uri';

/** One place to try, in the order of RFC 3263. */
export interface Hop {
  readonly protocol: TransportProtocol;
  readonly address: Address;
}

/**
 * The hops for a URI, best first (RFC 3263 §4); an empty list or a rejection is a failure to route. Asked only when the host
 * is a name: IP literals need no resolver.
 */
export type Resolver = (uri: SipUri) => Promise<readonly Hop[]>;
