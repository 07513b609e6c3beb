import type { Clock, IdSource, Log } from '@legato/kernel';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { ClientOptions } from 'ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Address, Flow } from '../message/flow';
import { bracketed } from '../message/ipv6-address';
import { MAX_MESSAGE_BYTES } from '../message/limits';
import { serialize } from '../message/serializer';
import type { SipMessage, SipParseError } from '../message/sip-message';
import { domainMismatch } from './certificate-domain';
import { keyOf, plainHost } from './stream.transport';
import type { NamedAddress, SipTransport, TransportHandler } from './transport';
import { isFlow } from './transport';
import type { WsConnectionOwner } from './ws-connection';
import { WsConnection } from './ws-connection';
import type { WsLimits } from './ws-limits';
import { DEFAULT_WS_LIMITS } from './ws-limits';

/** What is shown and trusted over TLS, in PEM. */
export interface WsCredentials {
  readonly certificate: string | Buffer;
  readonly key: string | Buffer;
  /** Who may sign the certificates of servers that we connect to; default the system's list. */
  readonly authorities?: string | Buffer;
}

/** How a {@link WsTransport} is bound. */
export interface WsTransportOptions {
  /** IP literal to bind; default 0.0.0.0. */
  readonly host?: string;
  /** 0 for any free port; default 80, with credentials 443. */
  readonly port?: number;
  /** What peers are told instead of the bound address. */
  readonly advertised?: Address;
  /** With them the transport is WSS. */
  readonly credentials?: WsCredentials;
  /** Pages that may connect, as browsers say it in Origin; not set: all. Who is no browser says none, and may. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<WsLimits>;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly log?: Log;
}

const SUBPROTOCOL = 'sip';
const ID_BYTES = 8;
/** From a connection to the end of its handshake. */
const HANDSHAKE_MS = 5_000;

const refusal = (status: string): string =>
  `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;

/** SIP over WebSocket, plain or over TLS (RFC 7118): a client is reached by the connection that it opened, and by no other way. */
export class WsTransport implements SipTransport, WsConnectionOwner {
  readonly protocol: 'WS' | 'WSS';
  readonly advertised?: Address;
  readonly limits: WsLimits;
  readonly clock: Clock;
  private readonly log: Log;
  private readonly ids: IdSource;
  private bound: Address;
  private server: Server | undefined;
  private handler: TransportHandler | undefined;
  private readonly upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  private readonly sockets = new Set<Socket>();
  private readonly byId = new Map<string, WsConnection>();
  private readonly byRemote = new Map<string, WsConnection>();
  private readonly acceptedFrom = new Map<string, number>();

  constructor(private readonly options: WsTransportOptions = {}) {
    this.protocol = options.credentials ? 'WSS' : 'WS';
    this.bound = { host: options.host ?? '0.0.0.0', port: options.port ?? (options.credentials ? 443 : 80) };
    this.limits = { ...DEFAULT_WS_LIMITS, ...options.limits };
    this.clock = options.clock ?? systemClock;
    this.ids = options.ids ?? randomIds;
    this.log = options.log ?? silentLog;
    if (options.advertised) this.advertised = options.advertised;
  }

  get local(): Address {
    return this.bound;
  }

  /** Open connections, accepted and ours. */
  get connections(): number {
    return this.byId.size;
  }

  start(handler: TransportHandler): Promise<void> {
    const server = this.createServer();
    server.maxConnections = this.limits.maxConnections;
    server.on('connection', (socket: Socket) => this.admit(socket));
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.bound.port, this.bound.host, () => {
        server.off('error', reject);
        server.on('error', (error) => this.log.warn('listener error', { protocol: this.protocol, error }));
        const bound = server.address();
        if (bound && typeof bound === 'object') this.bound = { host: bound.address, port: bound.port };
        this.server = server;
        this.handler = handler;
        resolve();
      });
    });
  }

  send(message: SipMessage | Buffer, to: Flow | NamedAddress, onError?: (error: Error) => void): void {
    try {
      const bytes = Buffer.isBuffer(message) ? message : serialize(message);
      if (!this.server) throw new Error(`${this.protocol} transport is not started`);
      this.connectionFor(to).send(bytes, onError);
    } catch (error) {
      setImmediate(() => onError?.(error instanceof Error ? error : new Error(String(error))));
    }
  }

  stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.handler = undefined;
    for (const connection of this.byId.values()) connection.close(new Error('transport stopped'));
    for (const socket of this.sockets) socket.destroy();
    if (!server) return Promise.resolve();
    return new Promise((resolve) => server.close(() => resolve()));
  }

  receiveMessage(message: SipMessage): void {
    this.deliver((handler) => handler.receiveMessage(message));
  }

  receiveMalformed(error: SipParseError, flow: Flow): void {
    this.deliver((handler) => handler.receiveMalformed(error, flow));
  }

  connectionClosed(connection: WsConnection): void {
    this.byId.delete(connection.id);
    const { key } = connection;
    if (key !== undefined && this.byRemote.get(key) === connection) this.byRemote.delete(key);
  }

  private deliver(message: (handler: TransportHandler) => void): void {
    try {
      if (this.handler) message(this.handler);
    } catch (error) {
      this.log.error('message not handled', { error, protocol: this.protocol });
    }
  }

  private createServer(): Server {
    const { credentials } = this.options;
    const limits = { headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS };
    const onRequest = (_request: IncomingMessage, response: ServerResponse): void =>
      void response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end();
    if (!credentials) return createPlainServer(limits, onRequest);
    const { certificate, key } = credentials;
    const secure = { ...limits, cert: certificate, key, minVersion: 'TLSv1.2' } as const;
    return createSecureServer({ ...secure, handshakeTimeout: HANDSHAKE_MS }, onRequest).on(
      'tlsClientError',
      (error) => this.log.debug('tls handshake failed', { error }),
    );
  }

  private connectionFor(to: Flow | NamedAddress): WsConnection {
    const remote = isFlow(to) ? to.remote : to;
    const known = isFlow(to) && to.connectionId !== undefined ? this.byId.get(to.connectionId) : undefined;
    return known ?? this.byRemote.get(keyOf(remote)) ?? this.open(remote);
  }

  private open(remote: NamedAddress): WsConnection {
    const name = remote.serverName ?? remote.host;
    const { credentials } = this.options;
    const socket = new WebSocket(
      `${credentials ? 'wss' : 'ws'}://${bracketed(remote.host)}:${remote.port}/`,
      SUBPROTOCOL,
      this.clientOptions(name),
    );
    return this.add(socket, { host: remote.host, port: remote.port }, keyOf(remote), false);
  }

  private clientOptions(name: string): ClientOptions {
    const { credentials } = this.options;
    const tls: ConnectionOptions = {
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: true,
      checkServerIdentity: (_host, certificate) => domainMismatch(name, certificate),
      ...(credentials?.authorities !== undefined && { ca: credentials.authorities }),
    };
    return {
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: this.limits.connectDeadlineMs,
      // What the library's type does not name goes on to node:tls.
      ...(credentials && (tls as ClientOptions)),
    };
  }

  /** Counts before any handshake, which costs more than a connection. */
  private admit(socket: Socket): void {
    const host = plainHost(socket.remoteAddress ?? '');
    const from = this.acceptedFrom.get(host) ?? 0;
    if (!this.handler || from >= this.limits.maxConnectionsPerHost) {
      socket.destroy();
      return;
    }
    this.acceptedFrom.set(host, from + 1);
    this.sockets.add(socket);
    socket.once('close', () => this.released(socket, host));
  }

  private released(socket: Socket, host: string): void {
    this.sockets.delete(socket);
    const left = (this.acceptedFrom.get(host) ?? 1) - 1;
    if (left > 0) this.acceptedFrom.set(host, left);
    else this.acceptedFrom.delete(host);
  }

  /** Who does not offer the subprotocol is refused (RFC 7118 §4.1). */
  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').toLowerCase().split(/\s*,\s*/);
    const { remoteAddress, remotePort } = request.socket;
    if (!this.handler || remoteAddress === undefined || !offered.includes(SUBPROTOCOL)) {
      socket.end(refusal('400 Bad Request'), () => socket.destroy());
      return;
    }
    if (!this.isWelcome(request.headers.origin)) {
      socket.end(refusal('403 Forbidden'), () => socket.destroy());
      return;
    }
    const remote = { host: plainHost(remoteAddress), port: remotePort ?? 0 };
    // Who opened a connection over TLS is not proven by its address (RFC 5923 §4).
    const key = this.options.credentials ? undefined : keyOf(remote);
    this.upgrader.handleUpgrade(request, socket, head, (accepted) => this.add(accepted, remote, key, true));
  }

  /** A page of somebody else's must not call with the rights of its visitor's address (RFC 6455 §10.2). */
  private isWelcome(origin: string | undefined): boolean {
    const { origins } = this.options;
    return origin === undefined || origins === undefined || origins.includes(origin.toLowerCase());
  }

  private add(socket: WebSocket, remote: Address, key: string | undefined, accepted: boolean): WsConnection {
    const connectionId = this.ids.token(ID_BYTES);
    const flow: Flow = { protocol: this.protocol, local: this.bound, remote, connectionId };
    const connection = new WsConnection(socket, flow, this, key, accepted);
    this.byId.set(connectionId, connection);
    if (key !== undefined) this.byRemote.set(key, connection);
    return connection;
  }
}
