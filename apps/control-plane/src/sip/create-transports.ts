import type { Clock, IdSource, Log } from '@legato/kernel';
import { TcpTransport, TlsTransport, UdpTransport, WsTransport } from '@legato/sip';
import type { SipTransport } from '@legato/sip';

/** Which transports are served beside UDP, and where. Port 0 takes any free one. */
export interface SipTransports {
  /** Default that of UDP (RFC 3261 §18.2.1). */
  readonly tcpPort?: number;
  readonly tls?: {
    readonly port: number;
    /** PEM, also what WSS shows. */
    readonly certificate: Buffer;
    readonly key: Buffer;
    /** Who may sign the certificates of servers that we connect to; default the system's list. */
    readonly authorities?: Buffer;
    /** Peers that connect must show a certificate that the authorities signed. */
    readonly requireClientCertificate?: boolean;
  };
  /** Not set: no WebSocket. */
  readonly wsPort?: number;
  /** Takes `tls`. */
  readonly wssPort?: number;
  /** Pages that may connect by WebSocket; not set: all. */
  readonly wsOrigins?: readonly string[];
}

interface Base {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly host: string;
  /** What peers are told instead of `host`. */
  readonly advertisedHost: string;
  /** UDP port. */
  readonly port: number;
}

/** The transports of a node, UDP first. */
export function createTransports(
  base: Base,
  { tcpPort, tls, wsPort, wssPort, wsOrigins }: SipTransports,
): SipTransport[] {
  const { clock, ids, log, host, advertisedHost, port: udpPort } = base;
  const at = (port: number) => ({
    clock,
    ids,
    log,
    host,
    port,
    // A port that the system picks is known once it is bound, and only then may it be told.
    ...(advertisedHost === host || port === 0 ? {} : { advertised: { host: advertisedHost, port } }),
  });
  const origins = wsOrigins && { origins: wsOrigins };
  return [
    new UdpTransport(at(udpPort)),
    new TcpTransport(at(tcpPort ?? udpPort)),
    ...(tls ? [new TlsTransport({ ...tls, ...at(tls.port) })] : []),
    ...(wsPort === undefined ? [] : [new WsTransport({ ...at(wsPort), ...origins })]),
    ...(wssPort === undefined || !tls
      ? []
      : [new WsTransport({ ...at(wssPort), ...origins, credentials: tls })]),
  ];
}
