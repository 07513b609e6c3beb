/** Transports of RFC 3261 §18 and RFC 7118, spelt as in Via. */
export type TransportProtocol = 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS';

/** An IP literal (IPv6 without brackets) and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A path to one remote address: a UDP 5-tuple or a connection. Plain data: it goes to the store as it is. */
export interface Flow {
  readonly protocol: TransportProtocol;
  readonly remote: Address;
  readonly local: Address;
  readonly connectionId?: string;
}
