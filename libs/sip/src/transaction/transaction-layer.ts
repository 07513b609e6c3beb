import type { Clock, IdSource, Log } from '@legato/kernel';
import { randomIds, silentLog } from '@legato/kernel';
import type { Address, Flow, TransportProtocol } from '../message/flow';
import { salvageResponse } from '../message/salvage';
import { serialize } from '../message/serializer';
import type { SipMessage, SipParseError } from '../message/sip-message';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { CachedDns, nodeDns } from '../transport/node-dns';
import type { Resolver } from '../transport/resolver';
import { sipResolver } from '../transport/sip-resolver';
import { responsePath } from '../transport/response-path';
import type { SipTransport, TransportHandler } from '../transport/transport';
import { isFlow } from '../transport/transport';
import { TransportSet } from '../transport/transport-set';
import type { LayerCounters } from './layer-counters';
import { LayerEnvironment } from './layer-environment';
import { RequestRouter } from './request-router';
import { SentRequest } from './sent-request';
import { StatelessRequest } from './stateless-request';
import type { Admission } from './source-rate-limit';
import type { TimerValues } from './timer-values';
import { DEFAULT_TIMERS } from './timer-values';
import type {
  ClientTransaction,
  ClientTransactionUser,
  ServerTransaction,
  TransactionUser,
} from './transaction-user';

/** How a {@link TransactionLayer} is made. */
export interface TransactionLayerOptions {
  readonly clock: Clock;
  readonly transports: readonly SipTransport[];
  /** For names; default by the system's DNS (RFC 3263). IP literals and localhost are never asked for. */
  readonly resolve?: Resolver;
  readonly ids?: IdSource;
  readonly log?: Log;
  /** Default T1 500, T2 4000, T4 5000 ms. */
  readonly timers?: Partial<TimerValues>;
  /** Live server transactions above which a request that would begin another is answered 503; default 1,000,000. */
  readonly maxServerTransactions?: number;
  /** Asked for each request outside a dialog that would begin a transaction (RFC 3261 §26.3.1), for a rate limit. */
  readonly admit?: (request: SipRequest) => Admission;
}

/** How a request is to be sent. */
export interface SendOptions {
  /** Instead of topmost Route or Request-URI. */
  readonly target?: Flow | Address | undefined;
  /** Default a fresh one. */
  readonly branch?: string | undefined;
}

/** What to write into Via and Contact. */
export interface LocalAddress extends Address {
  readonly protocol: TransportProtocol;
}

/** Live transactions by machine. */
export type TransactionCounts = Readonly<
  Record<'inviteClient' | 'inviteServer' | 'nonInviteClient' | 'nonInviteServer', number>
>;

const MAX_SERVER_TRANSACTIONS = 1_000_000;
const RETRY_AFTER = [['Retry-After', '5']] as const;
const TAG_BYTES = 12;

/** The transaction layer of RFC 3261 §17 with RFC 6026, between the transports and the transaction user. */
export class TransactionLayer implements TransportHandler {
  private readonly environment: LayerEnvironment;
  private readonly transports: TransportSet;
  private readonly router: RequestRouter;
  private readonly log: Log;
  private readonly ids: IdSource;

  constructor(private readonly options: TransactionLayerOptions) {
    this.transports = new TransportSet(options.transports);
    this.log = options.log ?? silentLog;
    this.ids = options.ids ?? randomIds;
    const resolve = options.resolve ?? this.defaultResolver();
    this.router = new RequestRouter(this.transports, this.ids, resolve, options.clock);
    this.environment = new LayerEnvironment({
      clock: options.clock,
      timers: { ...DEFAULT_TIMERS, ...options.timers },
      ids: this.ids,
      log: this.log,
      transports: this.transports,
      router: this.router,
      admit: (request) => this.admit(request),
    });
  }

  /** Set once by the user agent core; until then requests are absorbed unanswered. */
  get user(): TransactionUser {
    return this.environment.user;
  }

  set user(user: TransactionUser) {
    this.environment.user = user;
  }

  /** Binds every transport; rejects when one can not be bound. */
  async start(): Promise<void> {
    await Promise.all(this.transports.all.map((each) => each.start(this)));
  }

  /** Ends all transactions without telling their users and closes the transports. */
  async stop(): Promise<void> {
    this.environment.abandonAll();
    await Promise.all(this.transports.all.map((each) => each.stop()));
  }

  /**
   * Starts a client transaction (not for the ACK to a 2xx). Puts the top Via on the request and sends it to `target`, the
   * topmost Route or the Request-URI (RFC 3261 §8.1.2). Never throws: failures reach the user in a later turn.
   */
  sendRequest(
    request: SipRequest,
    user: ClientTransactionUser,
    options: SendOptions = {},
  ): ClientTransaction {
    const branch = options.branch ?? this.router.newBranch();
    const sent = new SentRequest(this.environment, request, user, branch);
    sent.start(options.target);
    return sent;
  }

  /** ACK for a 2xx, or any other request for which no response is waited for: a new Via, no transaction. Never throws. */
  sendStateless(request: SipRequest, options: SendOptions = {}): void {
    const { environment } = this;
    const failed = (error: unknown): void => {
      environment.counters.transportErrors++;
      this.log.warn('request not sent', { method: request.method, error });
    };
    const sent = new StatelessRequest(
      this.router,
      request,
      options.branch ?? this.router.newBranch(),
      failed,
    );
    sent.start(options.target);
  }

  /**
   * A response for which there is no server transaction any more, as after a restart: along `flow`, by its topmost Via
   * (RFC 3261 §18.2.2). Never throws.
   */
  sendStatelessResponse(response: SipResponse, flow: Flow): void {
    try {
      this.environment.sendAlong(responsePath(response.via, flow), serialize(response), () => undefined);
    } catch (error) {
      this.environment.counters.transportErrors++;
      this.log.warn('response not sent', { status: response.status, error });
    }
  }

  /**
   * After a restart: an INVITE that an earlier process received waits for its final response again, so that its retransmissions,
   * its CANCEL and the ACK of a refusal find it. Does nothing when it is there.
   */
  takeUpInvite(request: SipRequest, key: string): void {
    this.environment.servers.takeUp(request, key);
  }

  /** Answers through the server transaction of this key; false when there is none any more or it has no such arrow. */
  respond(key: string, response: SipResponse): boolean {
    return this.environment.servers.find(key)?.respond(response) ?? false;
  }

  /** The server transaction of this key while the TU still has to answer it, or an ACK is missing. */
  serverTransaction(key: string): ServerTransaction | undefined {
    return this.environment.servers.find(key)?.handle;
  }

  /** An INVITE with equal Call-ID, CSeq number and From tag that is not answered yet: for merged requests (RFC 3261 §8.2.2.2). */
  findUnsettledInvite(request: SipRequest): ServerTransaction | undefined {
    return this.environment.servers.findUnsettledInvite(request);
  }

  /** Live transactions by machine. */
  counts(): TransactionCounts {
    const { clients, servers } = this.environment;
    return {
      inviteClient: clients.inviteClient,
      inviteServer: servers.inviteServer,
      nonInviteClient: clients.nonInviteClient,
      nonInviteServer: servers.nonInviteServer,
    };
  }

  /** What was ignored, dropped or refused since start. */
  counters(): Readonly<LayerCounters> {
    return { ...this.environment.counters };
  }

  /** The local host and port to write into Via and Contact for a destination. */
  localAddressFor(target?: Flow | Address): LocalAddress {
    const protocol = target && isFlow(target) ? target.protocol : this.transports.preferredProtocol;
    const transport = (target && this.transports.find(protocol, target)) ?? this.transports.all[0];
    if (!transport) return { protocol, host: '127.0.0.1', port: 5060 };
    const host = target ? (isFlow(target) ? target.remote.host : target.host) : '';
    return { protocol: transport.protocol, ...this.transports.addressOf(transport, host) };
  }

  /** Input from a transport. */
  receiveMessage(message: SipMessage): void {
    if (message.kind === 'request') this.environment.servers.receiveRequest(message);
    else this.receiveResponse(message);
  }

  /** Input from a transport: 400 and the like without a transaction; responses and ACKs are dropped. */
  receiveMalformed(error: SipParseError, flow: Flow): void {
    const { counters } = this.environment;
    const response = error.isResponse ? undefined : salvageResponse(error.salvage, error.status, error.text);
    if (!response) {
      counters.malformedDropped++;
      return;
    }
    counters.malformedAnswered++;
    this.environment.sendAlong(flow, serialize(response), () => undefined);
  }

  private receiveResponse(response: SipResponse): void {
    const { environment } = this;
    const transaction = environment.clients.find(response);
    if (transaction) {
      transaction.receiveResponse(response);
      return;
    }
    const is2xx = response.status >= 200 && response.status < 300;
    // Deviates from RFC 3261 §18.1.2: sent-by is not looked at, because after a take-over it is another node's.
    if (is2xx && response.cseq.method === 'INVITE')
      environment.callUser(() => this.user.receiveStrayResponse(response));
    else environment.counters.strayResponses++;
  }

  private defaultResolver(): Resolver {
    const { clock, transports } = this.options;
    return sipResolver({
      dns: new CachedDns(nodeDns(), clock),
      clock,
      protocols: transports.map((each) => each.protocol),
    });
  }

  private admit(request: SipRequest): boolean {
    const { inviteServer, nonInviteServer } = this.environment.servers;
    const full =
      inviteServer + nonInviteServer >= (this.options.maxServerTransactions ?? MAX_SERVER_TRANSACTIONS);
    const admission = full ? 'refuse' : this.admissionOf(request);
    if (admission === 'accept') return true;
    this.environment.counters.refused++;
    if (admission === 'refuse') this.refuse(request);
    return false;
  }

  private admissionOf(request: SipRequest): Admission {
    return request.to.tag === undefined ? (this.options.admit?.(request) ?? 'accept') : 'accept';
  }

  private refuse(request: SipRequest): void {
    if (!request.flow) return;
    const response = SipResponse.to(request, 503, { toTag: this.ids.token(TAG_BYTES), headers: RETRY_AFTER });
    this.sendStatelessResponse(response, request.flow);
  }
}
