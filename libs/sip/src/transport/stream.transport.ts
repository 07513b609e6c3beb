import type { Clock, IdSource, Log } from '@legato/kernel';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import type { Server, Socket } from 'node:net';
import type { Address, Flow, TransportProtocol } from '../message/flow';
import { serialize } from '../message/serializer';
import type { SipMessage, SipParseError } from '../message/sip-message';
import type { ConnectionOwner } from './stream-connection';
import { StreamConnection } from './stream-connection';
import type { StreamLimits } from './stream-limits';
import { DEFAULT_STREAM_LIMITS } from './stream-limits';
import type { NamedAddress, SipTransport, TransportHandler } from './transport';
import { isFlow } from './transport';

/** How a connection-oriented transport is bound. */
export interface StreamTransportOptions {
  /** IP literal to bind; default 0.0.0.0. */
  readonly host?: string;
  /** 0 for any free port; default 5060, for TLS 5061. */
  readonly port?: number;
  readonly advertised?: Address;
  readonly limits?: Partial<StreamLimits>;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly log?: Log;
}

const ID_BYTES = 8;
/** Places that one connection may lead to. */
const MAX_KEYS = 8;
const MAPPED_IPV4 = '::ffff:';
/** An IPv4 address as such, also when it came in over an IPv6 socket. */
export const plainHost = (host: string): string =>
  host.startsWith(MAPPED_IPV4) ? host.slice(MAPPED_IPV4.length) : host;
/** Under which a connection is found by its far end. */
export const keyOf = (to: NamedAddress): string => `${to.host}|${to.port}|${to.serverName ?? ''}`;

/** What TCP and TLS share: accepted and opened connections, found again by their id and their far end (RFC 3261 §18). */
export abstract class StreamTransport implements SipTransport, ConnectionOwner {
  abstract readonly protocol: TransportProtocol;
  readonly advertised?: Address;
  readonly limits: StreamLimits;
  readonly clock: Clock;
  protected readonly log: Log;
  private readonly ids: IdSource;
  private bound: Address;
  private server: Server | undefined;
  private handler: TransportHandler | undefined;
  private readonly byId = new Map<string, StreamConnection>();
  private readonly byRemote = new Map<string, StreamConnection>();
  private readonly acceptedFrom = new Map<string, number>();

  protected constructor(options: StreamTransportOptions, defaultPort: number) {
    this.bound = { host: options.host ?? '0.0.0.0', port: options.port ?? defaultPort };
    this.limits = { ...DEFAULT_STREAM_LIMITS, ...options.limits };
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

  protected abstract createServer(): Server;
  /** The server's event that hands over a connection on which bytes may be sent. */
  protected abstract readonly acceptEvent: 'connection' | 'secureConnection';
  /** A connection in the making, and the event after which bytes may be sent. */
  protected abstract connect(to: NamedAddress): { socket: Socket; ready: 'connect' | 'secureConnect' };
  /** Whether requests may be sent on a connection that the peer opened, by its address alone (RFC 5923 §4). */
  protected abstract readonly reusesAccepted: boolean;

  start(handler: TransportHandler): Promise<void> {
    const server = this.createServer();
    server.on('connection', (socket: Socket) => this.admit(socket));
    server.on(this.acceptEvent, (socket: Socket) => this.accept(socket));
    server.maxConnections = this.limits.maxConnections;
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
    if (!server) return Promise.resolve();
    return new Promise((resolve) => server.close(() => resolve()));
  }

  receiveMessage(message: SipMessage): void {
    this.deliver((handler) => handler.receiveMessage(message));
  }

  receiveMalformed(error: SipParseError, flow: Flow): void {
    this.deliver((handler) => handler.receiveMalformed(error, flow));
  }

  private deliver(message: (handler: TransportHandler) => void): void {
    try {
      if (this.handler) message(this.handler);
    } catch (error) {
      this.log.error('message not handled', { error, protocol: this.protocol });
    }
  }

  connectionClosed(connection: StreamConnection): void {
    this.byId.delete(connection.id);
    for (const key of connection.keys) if (this.byRemote.get(key) === connection) this.byRemote.delete(key);
  }

  /** Requests to `to` go along `connection` from now on, unless another one leads there. */
  protected alsoLeadsTo(connection: StreamConnection, to: NamedAddress): void {
    const key = keyOf(to);
    if (connection.keys.size >= MAX_KEYS || this.byRemote.has(key)) return;
    connection.keys.add(key);
    this.byRemote.set(key, connection);
  }

  private connectionFor(to: Flow | NamedAddress): StreamConnection {
    const remote = isFlow(to) ? to.remote : to;
    const known = isFlow(to) && to.connectionId !== undefined ? this.byId.get(to.connectionId) : undefined;
    return known ?? this.byRemote.get(keyOf(remote)) ?? this.open(remote);
  }

  private open(remote: NamedAddress): StreamConnection {
    const { socket, ready } = this.connect(remote);
    return this.add(socket, { host: remote.host, port: remote.port }, ready, keyOf(remote));
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
    socket.once('close', () => this.released(host));
  }

  private accept(socket: Socket): void {
    if (socket.destroyed || socket.remoteAddress === undefined) return;
    const remote = { host: plainHost(socket.remoteAddress), port: socket.remotePort ?? 0 };
    this.add(socket, remote, undefined, this.reusesAccepted ? keyOf(remote) : undefined);
  }

  private released(host: string): void {
    const left = (this.acceptedFrom.get(host) ?? 1) - 1;
    if (left > 0) this.acceptedFrom.set(host, left);
    else this.acceptedFrom.delete(host);
  }

  private add(
    socket: Socket,
    remote: Address,
    ready: 'connect' | 'secureConnect' | undefined,
    key: string | undefined,
  ): StreamConnection {
    const connectionId = this.ids.token(ID_BYTES);
    const flow: Flow = { protocol: this.protocol, local: this.bound, remote, connectionId };
    const connection = new StreamConnection(socket, flow, this, ready, key);
    this.byId.set(connectionId, connection);
    if (key !== undefined) this.byRemote.set(key, connection);
    return connection;
  }
}
