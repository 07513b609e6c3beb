import type { Server, Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect, createServer, TLSSocket } from 'node:tls';
import type { Via } from '../message/via';
import { domainMismatch } from './certificate-domain';
import type { StreamConnection } from './stream-connection';
import type { StreamTransportOptions } from './stream.transport';
import { StreamTransport } from './stream.transport';
import type { NamedAddress } from './transport';

/** What a {@link TlsTransport} shows and trusts, in PEM. */
export interface TlsTransportOptions extends StreamTransportOptions {
  readonly certificate: string | Buffer;
  readonly key: string | Buffer;
  /** Who may sign peers' certificates; default the system's list. */
  readonly authorities?: string | Buffer | readonly (string | Buffer)[];
  /** Peers that connect must show a certificate that the authorities signed. */
  readonly requireClientCertificate?: boolean;
}

const HANDSHAKE_MS = 5_000;
const DEFAULT_PORT = 5061;

/** SIP over TLS (RFC 3261 §26.3.1, RFC 5922): certificates are always verified, and matched with the domain that was looked for. */
export class TlsTransport extends StreamTransport {
  readonly protocol = 'TLS';
  /** Who opened the connection is not proven by its address (RFC 5923 §4). */
  protected readonly reusesAccepted = false;
  protected readonly acceptEvent = 'secureConnection';

  constructor(private readonly options: TlsTransportOptions) {
    super(options, DEFAULT_PORT);
  }

  /**
   * A client whose certificate is for the host of its Via is reached along its own connection, if it says so (RFC 5923 §5, §8):
   * whoever shows no certificate, or that of somebody else, could take requests that are not for them.
   */
  receiveAlias(connection: StreamConnection, { host, port = DEFAULT_PORT }: Via): void {
    const { socket, flow } = connection;
    if (!(socket instanceof TLSSocket) || !socket.authorized) return;
    if (domainMismatch(host, socket.getPeerCertificate())) return;
    const at = { host: flow.remote.host, port };
    this.alsoLeadsTo(connection, { ...at, serverName: host });
    if (isIP(host) !== 0) this.alsoLeadsTo(connection, at);
  }

  protected createServer(): Server {
    return createServer({
      ...this.credentials,
      requestCert: this.options.requireClientCertificate ?? false,
      rejectUnauthorized: true,
      handshakeTimeout: HANDSHAKE_MS,
    }).on('tlsClientError', (error) => this.log.debug('tls handshake failed', { error }));
  }

  protected connect(to: NamedAddress): { socket: Socket; ready: 'secureConnect' } {
    const name = to.serverName ?? to.host;
    const socket = connect({
      ...this.credentials,
      host: to.host,
      port: to.port,
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: true,
      checkServerIdentity: (_host, certificate) => domainMismatch(name, certificate),
    });
    return { socket, ready: 'secureConnect' };
  }

  private get credentials() {
    const { certificate, key, authorities } = this.options;
    const ca =
      authorities === undefined || typeof authorities === 'string' || Buffer.isBuffer(authorities)
        ? authorities
        : [...authorities];
    return { cert: certificate, key, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) };
  }
}
