import type { Clock, IdSource, Log } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import { DialogTable } from '../dialog/dialog-table';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import type { TransactionLayer } from '../transaction/transaction-layer';
import type { ServerTransaction, TransactionUser } from '../transaction/transaction-user';
import { MergedRequests } from './merged-requests';
import { liftDescription } from './description-part';
import type { Capabilities, Refusal } from './request-checks';
import { checkRequest } from './request-checks';
import type { HeaderList } from './usage-body';

/** Who takes the messages of a dialog. */
export interface InDialogOwner {
  /** A request of the dialog; an ACK has no transaction. The owner checks the order of CSeq: it alone knows what it has seen. */
  receiveInDialog(request: SipRequest, transaction: ServerTransaction | undefined): void;
  /** A 2xx to an INVITE whose client transaction is gone (RFC 6026 §7.2). */
  receiveStray2xx?(response: SipResponse): void;
}

export interface UserAgentCoreOptions extends Capabilities {
  readonly clock: Clock;
  /** The core makes itself its user. */
  readonly layer: TransactionLayer;
  readonly ids: IdSource;
  readonly log?: Log;
  /** Server value of the responses of the core itself. */
  readonly serverHeader?: string;
}

const TAG_BYTES = 12;
/** Without To tag they have nothing to act on (RFC 3261 §15.1.2, RFC 3262 §3, RFC 3311 §5.2, RFC 6086 §4.2.2). */
const ONLY_IN_DIALOGS: readonly string[] = ['BYE', 'PRACK', 'UPDATE', 'INFO'];

/**
 * The core of RFC 3261 §8.2 between the transactions and those who own dialogs: refuses what can not be served, finds the
 * dialog of a request, and hands over the rest.
 */
export class UserAgentCore implements TransactionUser {
  /** Requests outside of dialogs that passed the checks; OPTIONS too. Unset: 480, and 200 to OPTIONS. */
  onRequest: (transaction: ServerTransaction) => void = (transaction) => this.answerUnserved(transaction);
  /** A CANCEL for an INVITE that is not answered; true when its owner deals with it, else the core answers 487. */
  onCancel: (transaction: ServerTransaction) => boolean = () => false;
  readonly dialogs = new DialogTable<InDialogOwner>();
  private readonly merged: MergedRequests;
  private readonly log: Log;

  constructor(private readonly options: UserAgentCoreOptions) {
    this.merged = new MergedRequests(options.clock);
    this.log = options.log ?? silentLog;
    options.layer.user = this;
  }

  receiveRequest(request: SipRequest, transaction: ServerTransaction | undefined): void {
    liftDescription(request);
    if (!transaction) {
      // Only an ACK comes so; one that no dialog waits for is dropped (§17.2.1).
      this.dialogs.find(request)?.receiveInDialog(request, undefined);
      return;
    }
    const refusal = checkRequest(request, {
      capabilities: this.options,
      isMerged: () => this.merged.isMerged(request, transaction.key),
    });
    if (refusal) this.refuse(transaction, refusal);
    else if (request.to.tag !== undefined) this.receiveInDialog(request, transaction);
    else if (ONLY_IN_DIALOGS.includes(request.method)) this.refuse(transaction, { status: 481 });
    else this.onRequest(transaction);
  }

  /** RFC 3261 §9.2: the 200 to the CANCEL is sent. */
  receiveCancel(_cancel: SipRequest, transaction: ServerTransaction): void {
    if (!this.onCancel(transaction)) this.refuse(transaction, { status: 487 });
  }

  receiveStrayResponse(response: SipResponse): void {
    const owner = this.dialogs.findByResponse(response);
    if (owner?.receiveStray2xx) owner.receiveStray2xx(response);
    // An answer to an INVITE that we know nothing of could be anybody's: no ACK and no BYE to where it says.
    else this.log.info('stray 2xx dropped', { sip_call_id: response.callId });
  }

  /** The 200 to an OPTIONS: what this user agent serves (RFC 3261 §11.2). */
  answerOptions(transaction: ServerTransaction): void {
    const { allow, accept, supported } = this.options;
    const headers: [string, string][] = [
      ['Allow', allow.join(', ')],
      ['Accept', accept.join(', ')],
    ];
    if (supported.length > 0) headers.push(['Supported', supported.join(', ')]);
    this.respond(transaction, 200, undefined, headers);
  }

  private receiveInDialog(request: SipRequest, transaction: ServerTransaction): void {
    const owner = this.dialogs.find(request);
    if (owner) owner.receiveInDialog(request, transaction);
    else this.refuse(transaction, { status: 481 });
  }

  private answerUnserved(transaction: ServerTransaction): void {
    if (transaction.request.method === 'OPTIONS') this.answerOptions(transaction);
    else this.refuse(transaction, { status: 480 });
  }

  private refuse(transaction: ServerTransaction, { status, reason, headers }: Refusal): void {
    this.respond(transaction, status, reason, headers ?? []);
  }

  private respond(
    transaction: ServerTransaction,
    status: number,
    reason: string | undefined,
    headers: HeaderList,
  ): void {
    const { serverHeader, ids } = this.options;
    const server: HeaderList = serverHeader === undefined ? [] : [['Server', serverHeader]];
    const options = { toTag: ids.token(TAG_BYTES), headers: [...headers, ...server] };
    transaction.respond(
      SipResponse.to(transaction.request, status, reason === undefined ? options : { ...options, reason }),
    );
  }
}
