import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { AnyServerTransaction } from './server-machine-transaction';
import type { ServerTransaction, ServerTransactionState } from './transaction-user';

/** The TU's handle of a server transaction: it keeps the request, so that the transaction itself can forget it early. */
export class ReceivedRequest implements ServerTransaction {
  constructor(
    readonly request: SipRequest,
    private readonly transaction: AnyServerTransaction,
  ) {}

  get key(): string {
    return this.transaction.key;
  }

  get state(): ServerTransactionState {
    return this.transaction.state;
  }

  respond(response: SipResponse): boolean {
    return this.transaction.respond(response, this);
  }
}
