import type { Clock, IdSource, Log } from '@legato/kernel';
import { DialogTable } from '../dialog/dialog-table';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { TransactionLayer } from '../transaction/transaction-layer';
import type { ServerTransaction, TransactionUser } from '../transaction/transaction-user';

/** Who takes the messages of a dialog. */
export interface InDialogOwner {
  /** A request of the dialog; an ACK has no transaction. */
  receiveInDialog(request: SipRequest, transaction: ServerTransaction | undefined): void;
  /** A 2xx to an INVITE whose client transaction is gone (RFC 6026 §7.2). */
  receiveStray2xx?(response: SipResponse): void;
}

export interface UserAgentCoreOptions {
  readonly clock: Clock;
  readonly layer: TransactionLayer;
  readonly ids: IdSource;
  readonly log?: Log;
  /** Methods that are served; others of the registry get 405 with Allow, the rest 501. */
  readonly allow: readonly string[];
  /** Option tags; what a Require asks beyond gets 420 with Unsupported. */
  readonly supported: readonly string[];
  /** Media types of bodies; others get 415 with Accept. */
  readonly accept: readonly string[];
  readonly serverHeader?: string;
  readonly contactUser?: string;
  /** An INVITE outside of a dialog gets 503 with Retry-After while this is true. */
  readonly overloaded?: () => boolean;
  /** An INVITE with Max-Forwards 0 gets 483, because it would be forwarded (RFC 7092 §3.1.2). */
  readonly forwards?: boolean;
}

/** Skeleton. */
export class UserAgentCore implements TransactionUser {
  onRequest: (transaction: ServerTransaction) => void = () => undefined;
  onCancel: (transaction: ServerTransaction) => void = () => undefined;
  readonly dialogs = new DialogTable<InDialogOwner>();
  constructor(_options: UserAgentCoreOptions) {}
  receiveRequest(_request: SipRequest, _transaction: ServerTransaction | undefined): void {}
  receiveCancel(_cancel: SipRequest, _transaction: ServerTransaction): void {}
  receiveStrayResponse(_response: SipResponse): void {}
}
