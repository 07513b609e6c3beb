import { Buffer } from 'node:buffer';
import type { Flow } from '../message/flow';
import { serialize } from '../message/serializer';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { isReliable } from '../transport/transport';
import type { TransactionEnvironment } from './machine-transaction';
import { MachineTransaction } from './machine-transaction';
import { TransactionTimers } from './transaction-timers';
import type { ServerTransaction, ServerTransactionState } from './transaction-user';

/** The layer as server transactions see it. */
export interface ServerEnvironment extends TransactionEnvironment {
  removeServer(transaction: AnyServerTransaction): void;
  /** The INVITE has its final response: a CANCEL changes nothing any more. */
  settleInvite(transaction: AnyServerTransaction): void;
  deliverAck(ack: SipRequest): void;
  reportServerFailure(transaction: ServerTransaction, reason: 'no ACK' | 'transport error'): void;
}

/** What the table of server transactions needs to know (RFC 3261 §17.2.3). */
export interface AnyServerTransaction {
  readonly key: string;
  readonly method: string;
  readonly state: ServerTransactionState;
  /** The TU's handle, as long as a response or a failure can still concern it. */
  readonly handle: ServerTransaction | undefined;
  receiveRetransmission(): void;
  respond(response: SipResponse, handle?: ServerTransaction): boolean;
  /** The TU has been given the request and may have answered: what it owes is waited for. */
  awaitResponse(): void;
  abandon(): void;
}

/** What an event brings along. */
export interface ServerInput {
  readonly response?: SipResponse;
  readonly bytes?: Buffer;
  readonly handle?: ServerTransaction | undefined;
  readonly ack?: SipRequest;
}

/** What both kinds of server transaction share: the way back, the last response as bytes, the handle of the TU. */
export abstract class ServerMachineTransaction<
  S extends ServerTransactionState,
  E extends string,
  A extends string,
  Letter extends string,
>
  extends MachineTransaction<S, E, A, ServerInput>
  implements AnyServerTransaction
{
  handle: ServerTransaction | undefined;
  /** What a retransmitted request is answered with: bytes, or the same as one character each once it is kept for long. */
  protected lastResponse: Buffer | string | undefined;
  private timersOrNone: TransactionTimers<Letter> | undefined;

  protected constructor(
    protected override readonly environment: ServerEnvironment,
    initial: S,
    readonly key: string,
    readonly method: string,
    private readonly returnPath: Flow,
  ) {
    super(environment, initial);
  }

  abstract receiveRetransmission(): void;
  abstract awaitResponse(): void;
  protected abstract fire(letter: Letter): void;
  protected abstract fail(handle: ServerTransaction | undefined): void;
  protected abstract eventFor(response: SipResponse): E | undefined;

  respond(response: SipResponse, handle = this.handle): boolean {
    const event = this.eventFor(response);
    const bytes = event === undefined ? undefined : bytesOf(response);
    if (event === undefined || !bytes) return false;
    return this.take(event, { bytes, handle, response });
  }

  protected get reliable(): boolean {
    return isReliable(this.returnPath.protocol);
  }

  protected get limitMs(): number {
    return 64 * this.environment.timers.T1;
  }

  /** Made on first use: most transactions are answered at once and never need it. */
  protected get pending(): TransactionTimers<Letter> {
    this.timersOrNone ??= new TransactionTimers<Letter>(this.environment.clock, (letter) =>
      this.fire(letter),
    );
    return this.timersOrNone;
  }

  protected stopTimers(): void {
    this.timersOrNone?.stop();
    this.timersOrNone = undefined;
  }

  protected stopRepeat(): void {
    this.timersOrNone?.stopRepeat();
  }

  protected sendResponse(bytes: Buffer | undefined, handle: ServerTransaction | undefined): void {
    this.lastResponse = bytes;
    this.send(bytes, handle);
  }

  protected resendResponse(): void {
    const { lastResponse } = this;
    this.send(
      typeof lastResponse === 'string' ? Buffer.from(lastResponse, 'latin1') : lastResponse,
      this.handle,
    );
  }

  /** A small buffer pins the whole slab of Node's pool it was cut from: not what to keep ten thousand of for 32 s. */
  protected compactResponse(): void {
    if (Buffer.isBuffer(this.lastResponse)) this.lastResponse = this.lastResponse.toString('latin1');
  }

  private send(bytes: Buffer | undefined, handle: ServerTransaction | undefined): void {
    if (bytes) this.environment.sendAlong(this.returnPath, bytes, () => this.fail(handle));
  }

  protected sendTrying(): void {
    const { handle } = this;
    if (handle) this.sendResponse(serialize(SipResponse.to(handle.request, 100)), handle);
  }

  protected reportFailure(handle: ServerTransaction | undefined, reason: 'no ACK' | 'transport error'): void {
    if (handle) this.environment.reportServerFailure(handle, reason);
  }

  protected terminate(): void {
    this.stopTimers();
    this.environment.removeServer(this);
  }

  abandon(): void {
    this.stopTimers();
    this.handle = undefined;
  }
}

/** undefined for a response that would not survive the wire. */
function bytesOf(response: SipResponse): Buffer | undefined {
  try {
    return serialize(response);
  } catch {
    return undefined;
  }
}
