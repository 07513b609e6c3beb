import type { Clock, IdSource, Log } from '@legato/kernel';
import type { Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import type { TransportSet } from '../transport/transport-set';
import type { AnyClientTransaction } from './client-machine-transaction';
import { ClientTransactions } from './client-transactions';
import type { Expiring } from './expiry-queue';
import { ExpiryQueue } from './expiry-queue';
import { newCounters } from './layer-counters';
import type { RequestRouter } from './request-router';
import type { SentRequestEnvironment } from './sent-request';
import type { AnyServerTransaction } from './server-machine-transaction';
import type { ServerTableEnvironment } from './server-transactions';
import { ServerTransactions } from './server-transactions';
import type { TimerValues } from './timer-values';
import type { ServerTransaction, TransactionUser } from './transaction-user';

const NO_USER: TransactionUser = { receiveRequest() {}, receiveCancel() {}, receiveStrayResponse() {} };

/** What the parts of a {@link LayerEnvironment} are. */
export interface LayerParts {
  readonly clock: Clock;
  readonly timers: TimerValues;
  readonly ids: IdSource;
  readonly log: Log;
  readonly transports: TransportSet;
  readonly router: RequestRouter;
  /** See {@link ServerTableEnvironment.admit}; called for requests that would begin a transaction. */
  readonly admit: (request: SipRequest) => boolean;
}

/** What transactions see of the layer, and the tables they are in. */
export class LayerEnvironment implements ServerTableEnvironment, SentRequestEnvironment {
  readonly clock: Clock;
  readonly timers: TimerValues;
  readonly router: RequestRouter;
  readonly counters = newCounters();
  readonly clients = new ClientTransactions();
  readonly servers = new ServerTransactions(this);
  user: TransactionUser = NO_USER;
  private readonly queues = new Map<number, ExpiryQueue>();

  constructor(private readonly parts: LayerParts) {
    this.clock = parts.clock;
    this.timers = parts.timers;
    this.router = parts.router;
  }

  expireAfter(delayMs: number, item: Expiring): void {
    let queue = this.queues.get(delayMs);
    if (!queue) {
      queue = new ExpiryQueue(this.clock, delayMs);
      this.queues.set(delayMs, queue);
    }
    queue.add(item);
  }

  countIgnored(): void {
    this.counters.ignoredEvents++;
  }

  countUnmatchedCancel(): void {
    this.counters.unmatchedCancels++;
  }

  newToken(bytes: number): string {
    return this.parts.ids.token(bytes);
  }

  admit(request: SipRequest): boolean {
    return this.parts.admit(request);
  }

  addClient(transaction: AnyClientTransaction): void {
    this.clients.add(transaction);
  }

  removeClient(transaction: AnyClientTransaction): void {
    this.clients.remove(transaction);
  }

  removeServer(transaction: AnyServerTransaction): void {
    this.servers.remove(transaction);
  }

  settleInvite(transaction: AnyServerTransaction): void {
    this.servers.settle(transaction);
  }

  sendAlong(flow: Flow, bytes: Buffer, onError: (error: Error) => void): void {
    const transport = this.parts.transports.find(flow.protocol, flow);
    const failed = (error: Error): void => {
      this.counters.transportErrors++;
      onError(error);
    };
    if (transport) transport.send(bytes, flow, failed);
    else this.clock.schedule(0, () => failed(new Error(`no ${flow.protocol} transport`)));
  }

  deliverAck(ack: SipRequest): void {
    this.callUser(() => this.user.receiveRequest(ack, undefined));
  }

  reportServerFailure(transaction: ServerTransaction, reason: 'no ACK' | 'transport error'): void {
    this.callUser(() => this.user.receiveServerFailure?.(transaction, reason));
  }

  /** A programming error of the user ends what it was about, with a 500 if that can still be said, and not the process. */
  callUser(callback: () => void, transaction?: ServerTransaction): void {
    try {
      callback();
    } catch (error) {
      this.counters.userFailures++;
      this.parts.log.error('transaction user failed', { error });
      transaction?.respond(SipResponse.to(transaction.request, 500, { toTag: this.newToken(8) }));
    }
  }

  abandonAll(): void {
    this.clients.abandonAll();
    this.servers.abandonAll();
    for (const queue of this.queues.values()) queue.clear();
  }
}
