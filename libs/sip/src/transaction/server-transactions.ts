import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { responsePath } from '../transport/response-path';
import { InviteServerTransaction } from './invite-server.transaction';
import { NonInviteServerTransaction } from './non-invite-server.transaction';
import { ReceivedRequest } from './received-request';
import type { AnyServerTransaction, ServerEnvironment } from './server-machine-transaction';
import { cancelKey, hasUniqueBranch, serverTransactionKey } from './transaction-key';
import type { ServerTransaction, TransactionUser } from './transaction-user';

const TAG_BYTES = 12;

/** What the table of server transactions needs of the layer. */
export interface ServerTableEnvironment extends ServerEnvironment {
  readonly user: TransactionUser;
  newToken(bytes: number): string;
  countUnmatchedCancel(): void;
  /** False when no new transaction may be made for this request; it has been answered then, or dropped. */
  admit(request: SipRequest): boolean;
  callUser(callback: () => void, transaction?: ServerTransaction): void;
}

/** The server transactions and what matches them (RFC 3261 §9.2, §17.2.3). */
export class ServerTransactions {
  private readonly byKey = new Map<string, AnyServerTransaction>();
  private readonly unsettled = new Map<string, InviteServerTransaction>();
  private inviteCount = 0;

  constructor(private readonly environment: ServerTableEnvironment) {}

  get inviteServer(): number {
    return this.inviteCount;
  }

  get nonInviteServer(): number {
    return this.byKey.size - this.inviteCount;
  }

  find(key: string): AnyServerTransaction | undefined {
    return this.byKey.get(key);
  }

  /** An INVITE with this Call-ID, CSeq number and From tag that waits for its final response (RFC 3261 §8.2.2.2). */
  findUnsettledInvite(request: SipRequest): ServerTransaction | undefined {
    return this.unsettled.get(cancelKey(request))?.handle;
  }

  receiveRequest(request: SipRequest): void {
    const key = serverTransactionKey(request);
    const transaction = this.byKey.get(key);
    if (request.method === 'ACK') this.receiveAck(request, transaction);
    else if (transaction) transaction.receiveRetransmission();
    else if (request.method === 'CANCEL') this.receiveCancel(request, key);
    else if (this.environment.admit(request)) this.receiveNew(request, key);
  }

  /** A request that was received before, by an earlier process. */
  takeUp(request: SipRequest, key: string): void {
    if (this.byKey.has(key)) return;
    this.add(request, key);
    this.byKey.get(key)?.awaitResponse();
  }

  remove(transaction: AnyServerTransaction): void {
    if (!this.byKey.delete(transaction.key)) return;
    if (!(transaction instanceof InviteServerTransaction)) return;
    this.inviteCount--;
    this.settle(transaction);
  }

  settle(transaction: AnyServerTransaction): void {
    if (!(transaction instanceof InviteServerTransaction)) return;
    const { cancelKey: key } = transaction;
    if (this.unsettled.get(key) === transaction) this.unsettled.delete(key);
  }

  abandonAll(): void {
    for (const each of this.byKey.values()) each.abandon();
    this.byKey.clear();
    this.unsettled.clear();
    this.inviteCount = 0;
  }

  private receiveAck(ack: SipRequest, transaction: AnyServerTransaction | undefined): void {
    if (transaction instanceof InviteServerTransaction && acknowledges(ack, transaction))
      transaction.receiveAck(ack);
    else this.environment.deliverAck(ack);
  }

  private receiveNew(request: SipRequest, key: string): void {
    const { environment } = this;
    const handle = this.add(request, key);
    environment.callUser(() => environment.user.receiveRequest(request, handle), handle);
    this.byKey.get(key)?.awaitResponse();
  }

  private add(request: SipRequest, key: string): ReceivedRequest {
    const transaction = this.create(request, key);
    const handle = new ReceivedRequest(request, transaction);
    transaction.handle = handle;
    this.byKey.set(key, transaction);
    return handle;
  }

  private create(request: SipRequest, key: string): InviteServerTransaction | NonInviteServerTransaction {
    const { environment } = this;
    const flow = request.flow ?? NO_FLOW;
    const path = responsePath(request.via, flow);
    if (request.method !== 'INVITE')
      return new NonInviteServerTransaction(environment, key, request.method, path);
    const invite = new InviteServerTransaction(environment, key, path, cancelKey(request));
    this.unsettled.set(invite.cancelKey, invite);
    this.inviteCount++;
    return invite;
  }

  /** Answered by the layer itself: hop by hop, whatever the TU does about it (RFC 3261 §9.2). */
  private receiveCancel(cancel: SipRequest, key: string): void {
    const { environment } = this;
    const invite = this.inviteOf(cancel);
    const own = this.add(cancel, key);
    const toTag = invite?.toTag ?? environment.newToken(TAG_BYTES);
    if (!invite) environment.countUnmatchedCancel();
    own.respond(SipResponse.to(cancel, invite ? 200 : 481, { toTag }));
    const { handle } = invite ?? {};
    if (handle?.state === 'Proceeding')
      environment.callUser(() => environment.user.receiveCancel(cancel, handle));
  }

  private inviteOf(cancel: SipRequest): InviteServerTransaction | undefined {
    const match = this.byKey.get(serverTransactionKey(cancel, 'INVITE'));
    if (match instanceof InviteServerTransaction) return match;
    const candidate = this.unsettled.get(cancelKey(cancel));
    // A Via that NAT changed still comes from the same host.
    const sameHost = candidate?.handle?.request.flow?.remote.host === cancel.flow?.remote.host;
    return sameHost ? candidate : undefined;
  }
}

/** An RFC 2543 peer's ACK has to carry the tag of our response as well (RFC 3261 §17.2.3). */
function acknowledges(ack: SipRequest, transaction: InviteServerTransaction): boolean {
  return hasUniqueBranch(ack) || transaction.toTag === undefined || ack.to.tag === transaction.toTag;
}

const NO_FLOW = {
  protocol: 'UDP',
  local: { host: '0.0.0.0', port: 5060 },
  remote: { host: '127.0.0.1', port: 5060 },
} as const;
