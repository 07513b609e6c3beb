import type {
  ClientTransaction,
  ClientTransactionUser,
  ServerTransaction,
  SipRequest,
  SipResponse,
  TransactionUser,
} from '@legato/sip';

/** Remembers what a client transaction tells its user. */
export class RecordingClientUser implements ClientTransactionUser {
  readonly responses: SipResponse[] = [];
  readonly errors: Error[] = [];
  timeouts = 0;

  get statuses(): number[] {
    return this.responses.map((each) => each.status);
  }

  receiveResponse(response: SipResponse, _transaction: ClientTransaction): void {
    this.responses.push(response);
  }

  receiveTimeout(): void {
    this.timeouts++;
  }

  receiveTransportError(error: Error): void {
    this.errors.push(error);
  }
}

/** Remembers what the layer tells the core; `onRequest` may answer. */
export class RecordingTransactionUser implements TransactionUser {
  readonly requests: { request: SipRequest; transaction: ServerTransaction | undefined }[] = [];
  readonly cancels: { cancel: SipRequest; transaction: ServerTransaction }[] = [];
  readonly strays: SipResponse[] = [];
  readonly failures: { transaction: ServerTransaction; reason: string }[] = [];

  constructor(
    private readonly onRequest?: (request: SipRequest, transaction: ServerTransaction | undefined) => void,
  ) {}

  /** The transaction of the request that came last. */
  get transaction(): ServerTransaction {
    const { transaction } = this.requests.at(-1) ?? {};
    if (!transaction) throw new Error('no request with a transaction came');
    return transaction;
  }

  receiveRequest(request: SipRequest, transaction: ServerTransaction | undefined): void {
    this.requests.push({ request, transaction });
    this.onRequest?.(request, transaction);
  }

  receiveCancel(cancel: SipRequest, transaction: ServerTransaction): void {
    this.cancels.push({ cancel, transaction });
  }

  receiveStrayResponse(response: SipResponse): void {
    this.strays.push(response);
  }

  receiveServerFailure(transaction: ServerTransaction, reason: 'no ACK' | 'transport error'): void {
    this.failures.push({ transaction, reason });
  }
}
