import type { Timer } from '@legato/kernel';
import type { DialogState } from '../dialog/dialog-state';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { ClientTransaction, ServerTransaction } from '../transaction/transaction-user';
import type { InDialogOwner } from './user-agent-core';

/** @internal What a {@link UsageEntry} tells its runner. */
export interface UsageEntryListener {
  receiveInDialog(entry: UsageEntry, request: SipRequest, transaction: ServerTransaction | undefined): void;
  receiveResponse(usageId: string, response: SipResponse): void;
}

/** @internal What a runner holds of one usage. */
export class UsageEntry implements InDialogOwner {
  readonly timers = new Map<string, Timer>();
  dialogs: DialogState[] = [];
  /** The INVITE client transaction that has no final response. */
  invite: ClientTransaction | undefined;
  /** Its 2xx is handed over; the dialog is not registered yet. */
  expectsDialog = false;
  /** Keys of the INVITE server transactions without final response, for CANCEL. */
  inviteKeys: string[] = [];

  constructor(
    readonly usageId: string,
    private readonly listener: UsageEntryListener,
  ) {}

  get isEmpty(): boolean {
    const holds = this.dialogs.length + this.timers.size + this.inviteKeys.length;
    return holds === 0 && this.invite === undefined && !this.expectsDialog;
  }

  receiveInDialog(request: SipRequest, transaction: ServerTransaction | undefined): void {
    this.listener.receiveInDialog(this, request, transaction);
  }

  receiveStray2xx(response: SipResponse): void {
    this.listener.receiveResponse(this.usageId, response);
  }
}
