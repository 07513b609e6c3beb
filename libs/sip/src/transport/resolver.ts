import type { TransportProtocol } from '../message/flow';
import type { SipUri } from '../message/sip-uri';
import type { NamedAddress } from './transport';

/** One place to try, in the order of RFC 3263. */
export interface Hop {
  readonly protocol: TransportProtocol;
  readonly address: NamedAddress;
}

/**
 * The hops for a URI, best first (RFC 3263 §4); an empty list or a rejection is a failure to route. Asked only when the host
 * is a name: IP literals need no resolver.
 */
export type Resolver = (uri: SipUri) => Promise<readonly Hop[]>;

/** A NAPTR record (RFC 3403 §4.1), as Node gives it. */
export interface NaptrRecord {
  readonly flags: string;
  readonly service: string;
  readonly replacement: string;
  readonly order: number;
  readonly preference: number;
}

/** An SRV record (RFC 2782). */
export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** The questions a resolver asks. No such name is an empty list or a rejection: both mean none. */
export interface Dns {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** A and AAAA, IP literals in the order to be tried. */
  addresses(name: string): Promise<readonly string[]>;
}
