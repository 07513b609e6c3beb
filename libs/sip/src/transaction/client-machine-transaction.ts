import type { Address, Flow } from '../message/flow';
import { serialize } from '../message/serializer';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { SipTransport } from '../transport/transport';
import { isReliable } from '../transport/transport';
import type { TransactionEnvironment } from './machine-transaction';
import { MachineTransaction } from './machine-transaction';
import { TransactionTimers } from './transaction-timers';

/** Where a client transaction sends: ACK and CANCEL go the same way (RFC 3261 §9.1, §17.1.1.2). */
export interface ClientPath {
  readonly transport: SipTransport;
  readonly target: Flow | Address;
  /** There is another path: whether this one leads anywhere is found out when no answer comes (RFC 3263 §4.3). */
  readonly hasAlternative?: true;
}

/** Who is told what becomes of a client transaction. */
export interface ClientTransactionOwner {
  deliver(response: SipResponse): void;
  timedOut(): void;
  failed(error: Error): void;
}

/** The layer as client transactions see it. */
export interface ClientEnvironment extends TransactionEnvironment {
  addClient(transaction: AnyClientTransaction): void;
  removeClient(transaction: AnyClientTransaction): void;
}

/** What the table of client transactions needs to know (RFC 3261 §17.1.3). */
export interface AnyClientTransaction {
  readonly branch: string;
  readonly sentBy: string;
  readonly method: string;
  receiveResponse(response: SipResponse): void;
  /** Stops timers; nobody is told. */
  abandon(): void;
}

/** What an event brings along. */
export interface ClientInput {
  readonly response?: SipResponse;
  readonly error?: Error;
  readonly headers?: Iterable<readonly [string, string]> | undefined;
}

/** What both kinds of client transaction share: the request's bytes, its path and its timers. */
export abstract class ClientMachineTransaction<
  S extends string,
  E extends string,
  A extends string,
  Letter extends string,
>
  extends MachineTransaction<S, E, A, ClientInput>
  implements AnyClientTransaction
{
  readonly branch: string;
  readonly sentBy: string;
  readonly method: string;
  protected readonly reliable: boolean;
  /** Kept only as long as it may have to be sent again. */
  private bytes: Buffer | undefined;
  private copies = 0;
  protected owner: ClientTransactionOwner | undefined;
  private readonly pending: TransactionTimers<Letter>;
  protected intervalMs: number;

  protected constructor(
    protected override readonly environment: ClientEnvironment,
    initial: S,
    request: SipRequest,
    protected readonly path: ClientPath,
    owner: ClientTransactionOwner,
  ) {
    super(environment, initial);
    const { via } = request;
    this.branch = via.branch ?? '';
    this.sentBy = via.sentBy;
    this.method = request.method;
    this.reliable = isReliable(path.transport.protocol);
    this.bytes = serialize(request);
    this.owner = owner;
    this.intervalMs = environment.timers.T1;
    this.pending = new TransactionTimers(environment.clock, (letter) => this.fire(letter));
  }

  protected abstract fire(letter: Letter): void;
  protected abstract fail(error: Error): void;
  abstract receiveResponse(response: SipResponse): void;

  /** Sends the request for the first time. `repeat` is Timer A or E, for unreliable transports; `limit` is Timer B or F. */
  protected begin(repeat: Letter, limit: Letter): void {
    this.environment.addClient(this);
    if (!this.reliable) this.pending.startRepeat(repeat, this.intervalMs);
    this.pending.startLimit(limit, this.limitMs);
    this.sendRequest();
  }

  protected get limitMs(): number {
    return 64 * this.environment.timers.T1;
  }

  protected startRepeat(letter: Letter, delayMs: number): void {
    this.intervalMs = delayMs;
    if (!this.reliable) this.pending.startRepeat(letter, delayMs);
  }

  protected startLimit(letter: Letter): void {
    this.pending.startLimit(letter, this.limitMs);
  }

  protected stopTimers(): void {
    this.pending.stop();
    this.bytes = undefined;
  }

  protected sendRequest(): void {
    if (!this.bytes) return;
    this.send(this.bytes);
    this.copies += 1;
    // The second copy: a first one that got lost is no reason to ask.
    if (this.copies === 2 && this.path.hasAlternative) this.knock();
  }

  private knock(): void {
    const { transport, target } = this.path;
    transport.knock?.(target, (error) => this.fail(error));
  }

  protected send(bytes: Buffer): void {
    this.path.transport.send(bytes, this.path.target, (error) => this.fail(error));
  }

  protected terminate(): void {
    this.stopTimers();
    this.environment.removeClient(this);
  }

  abandon(): void {
    this.stopTimers();
    this.owner = undefined;
  }
}
