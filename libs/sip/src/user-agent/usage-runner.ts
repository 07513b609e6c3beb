import type { Clock, IdSource, Log } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import type { DialogState } from '../dialog/dialog-state';
import { fallbackTarget } from '../dialog/in-dialog-request';
import type { Address, Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { TransactionLayer } from '../transaction/transaction-layer';
import type {
  ClientTransaction,
  ClientTransactionUser,
  ServerTransaction,
} from '../transaction/transaction-user';
import { InviteUsage } from './invite-usage';
import { runnerOutput } from './runner-output';
import { unwantedDialog } from './unwanted-dialog';
import type { UsageEntryListener } from './usage-entry';
import { UsageEntry } from './usage-entry';
import type { UsageEvent } from './usage-events';
import { owedInvites } from './resume-invite';
import type { SendRequestOptions, UsageOutput } from './usage-output';
import type { UserAgentCore } from './user-agent-core';

/** Finds the usage and gives it to `feed`, at once or in its turn, then acts on the events. */
export type DeliverToUsage = (usageId: string, feed: (usage: InviteUsage) => UsageEvent[]) => void;

export interface UsageRunnerOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly layer: TransactionLayer;
  /** The runner takes its CANCELs. */
  readonly core: UserAgentCore;
  readonly log?: Log;
  readonly allow: readonly string[];
  /** User part of the default Contact. */
  readonly contactUser?: string;
  /** Option tags that the transaction user is ready for; see {@link UsageOutput}. */
  readonly supported?: readonly string[];
  readonly outlivesTimeouts?: boolean;
  readonly authorize?: UsageOutput['authorize'];
  readonly sessionTimer?: { readonly intervalS: number; readonly minSeS: number };
  /** Milliseconds; those of the layer. */
  readonly timers?: { readonly T1?: number; readonly T2?: number };
}

const NO_USER: ClientTransactionUser = {
  receiveResponse: () => undefined,
  receiveTimeout: () => undefined,
  receiveTransportError: () => undefined,
};

/**
 * Carries out what usages want done, by the transaction layer, the dialog table and the clock, and hands them what arrives.
 * Holds nothing of a usage that has ended.
 */
export class UsageRunner {
  /** Set by whoever has the usages. */
  deliver: DeliverToUsage = () => undefined;
  /** Carries out at once; to hold effects back until a state is stored, put an output before it. */
  readonly output: UsageOutput;
  private readonly entries = new Map<string, UsageEntry>();
  /** Which usage an INVITE server transaction without final response belongs to. */
  private readonly invites = new Map<string, UsageEntry>();
  private readonly log: Log;
  private readonly listener: UsageEntryListener = {
    receiveInDialog: (entry, request, transaction) => this.receiveInDialog(entry, request, transaction),
    receiveResponse: (usageId, response) => this.deliver(usageId, (usage) => usage.receiveResponse(response)),
  };

  constructor(private readonly options: UsageRunnerOptions) {
    this.log = options.log ?? silentLog;
    this.output = runnerOutput(this, options);
    options.core.onCancel = (transaction) => this.receiveCancel(transaction);
  }

  /** Usages that something is held of. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * The usage of an INVITE that opens a dialog; what it wants done goes to `output`, which ends in that of this runner. One that
   * was cancelled in the meantime has ended; its events are delivered in the next turn.
   */
  receiveInvite(usageId: string, output: UsageOutput, transaction: ServerTransaction): InviteUsage {
    this.awaitFinal(this.entryOf(usageId), transaction.key);
    const usage = InviteUsage.incoming(usageId, output, transaction.request, transaction.key);
    if (transaction.state !== 'Proceeding') {
      let events: UsageEvent[] = [];
      // Before the timer that tells of the end.
      this.options.clock.schedule(0, () => this.deliver(usageId, () => events));
      events = usage.receiveCancel(transaction.key);
    }
    return usage;
  }

  /** Arms the timers of a restored usage, takes the messages of its dialog, and lets it resume. */
  restore(usage: InviteUsage): void {
    const { id, timers, dialog } = usage.state;
    const now = this.options.clock.wallTime();
    for (const [name, deadline] of Object.entries(timers)) {
      this.startTimer(id, name, Math.max(0, deadline - now));
    }
    if (dialog && dialog.state !== 'terminated') this.dialogAdded(id, dialog);
    for (const { transactionKey, request } of owedInvites(usage.state)) {
      this.options.layer.takeUpInvite(request, transactionKey);
      this.awaitFinal(this.entryOf(id), transactionKey);
    }
    this.deliver(id, (restored) => restored.resume());
  }

  /** Drops what is held of these usages, ended or not. */
  forget(usageIds: readonly string[]): void {
    for (const usageId of usageIds) {
      const entry = this.entries.get(usageId);
      if (!entry) continue;
      for (const timer of entry.timers.values()) timer.cancel();
      for (const dialog of entry.dialogs) this.options.core.dialogs.remove(dialog);
      for (const key of entry.inviteKeys) this.invites.delete(key);
      this.entries.delete(usageId);
    }
  }

  /** @internal for the output */
  sendRequest(usageId: string, request: SipRequest, { target, token, branch }: SendRequestOptions): void {
    const { layer } = this.options;
    if (request.method === 'INVITE') {
      this.entryOf(usageId).invite = layer.sendRequest(request, this.inviteUser(usageId), { target, branch });
      return;
    }
    const fail = (kind: 'timeout' | 'transport error'): void =>
      this.deliver(usageId, (usage) => usage.receiveFailure(kind, request.method, token));
    const user: ClientTransactionUser = {
      receiveResponse: (response) => this.deliver(usageId, (usage) => usage.receiveResponse(response)),
      receiveTimeout: () => fail('timeout'),
      receiveTransportError: () => fail('transport error'),
    };
    layer.sendRequest(request, user, { target, branch });
  }

  /** @internal for the output */
  sendCancel(usageId: string, headers?: Iterable<readonly [string, string]>): void {
    this.entries.get(usageId)?.invite?.cancel(headers);
  }

  /** @internal for the output */
  sendAck(request: SipRequest, target: Flow | Address | undefined): void {
    this.options.layer.sendStateless(request, { target });
  }

  /** @internal for the output: without its transaction, as after a restart, the response goes back the way its request came. */
  sendResponse(transactionKey: string, response: SipResponse): void {
    const { layer } = this.options;
    if (response.status >= 200) this.finalSent(transactionKey);
    if (layer.respond(transactionKey, response) || layer.serverTransaction(transactionKey)) return;
    if (response.flow) layer.sendStatelessResponse(response, response.flow);
    else this.log.warn('response has no way back', { sip_call_id: response.callId, status: response.status });
  }

  /** @internal for the output */
  startTimer(usageId: string, name: string, delayMs: number): void {
    const entry = this.entryOf(usageId);
    entry.timers.get(name)?.cancel();
    const fire = (): void => {
      entry.timers.delete(name);
      this.deliver(usageId, (usage) => usage.fireTimer(name));
      this.tidy(entry);
    };
    entry.timers.set(name, this.options.clock.schedule(delayMs, fire));
  }

  /** @internal for the output */
  stopTimer(usageId: string, name: string): void {
    const entry = this.entries.get(usageId);
    if (!entry) return;
    entry.timers.get(name)?.cancel();
    entry.timers.delete(name);
    this.tidy(entry);
  }

  /** @internal for the output */
  dialogAdded(usageId: string, dialog: DialogState): void {
    const entry = this.entryOf(usageId);
    entry.expectsDialog = false;
    entry.dialogs = [...entry.dialogs.filter((other) => other.remoteTag !== dialog.remoteTag), dialog];
    this.options.core.dialogs.add(dialog, entry);
  }

  /** @internal for the output */
  dialogRemoved(usageId: string, dialog: DialogState): void {
    const entry = this.entries.get(usageId);
    this.options.core.dialogs.remove(dialog);
    if (!entry) return;
    entry.dialogs = entry.dialogs.filter((other) => other.remoteTag !== dialog.remoteTag);
    this.tidy(entry);
  }

  private entryOf(usageId: string): UsageEntry {
    const known = this.entries.get(usageId);
    if (known) return known;
    const entry = new UsageEntry(usageId, this.listener);
    this.entries.set(usageId, entry);
    return entry;
  }

  private tidy(entry: UsageEntry): void {
    if (entry.isEmpty && this.entries.get(entry.usageId) === entry) this.entries.delete(entry.usageId);
  }

  private awaitFinal(entry: UsageEntry, transactionKey: string): void {
    entry.inviteKeys.push(transactionKey);
    this.invites.set(transactionKey, entry);
  }

  private finalSent(transactionKey: string): void {
    const entry = this.invites.get(transactionKey);
    if (!entry) return;
    this.invites.delete(transactionKey);
    entry.inviteKeys = entry.inviteKeys.filter((key) => key !== transactionKey);
    this.tidy(entry);
  }

  private receiveInDialog(
    entry: UsageEntry,
    request: SipRequest,
    transaction: ServerTransaction | undefined,
  ): void {
    if (transaction && request.method === 'INVITE') this.awaitFinal(entry, transaction.key);
    this.deliver(entry.usageId, (usage) => usage.receiveRequest(request, transaction?.key));
  }

  private receiveCancel(transaction: ServerTransaction): boolean {
    const entry = this.invites.get(transaction.key);
    if (!entry) return false;
    this.deliver(entry.usageId, (usage) => usage.receiveCancel(transaction.key));
    return true;
  }

  private inviteUser(usageId: string): ClientTransactionUser {
    const fail = (kind: 'timeout' | 'transport error', transaction: ClientTransaction): void => {
      this.settle(usageId, transaction);
      this.deliver(usageId, (usage) => usage.receiveFailure(kind, 'INVITE'));
    };
    return {
      receiveResponse: (response, transaction) => this.receiveInviteResponse(usageId, response, transaction),
      receiveTimeout: (transaction) => fail('timeout', transaction),
      receiveTransportError: (_error, transaction) => fail('transport error', transaction),
    };
  }

  private receiveInviteResponse(
    usageId: string,
    response: SipResponse,
    transaction: ClientTransaction,
  ): void {
    const entry = this.entries.get(usageId);
    const isSuccess = response.status >= 200 && response.status < 300;
    if (!entry && isSuccess) {
      this.hangUp(response);
      return;
    }
    if (entry && isSuccess && entry.dialogs.length === 0) entry.expectsDialog = true;
    if (response.status >= 200) this.settle(usageId, transaction);
    this.deliver(usageId, (usage) => usage.receiveResponse(response));
  }

  private settle(usageId: string, transaction: ClientTransaction): void {
    const entry = this.entries.get(usageId);
    if (!entry || entry.invite !== transaction) return;
    entry.invite = undefined;
    this.tidy(entry);
  }

  /** A late 2xx of an INVITE whose usage has ended (RFC 3261 §13.2.2.4). */
  private hangUp(response: SipResponse): void {
    const { dialog, ack, bye } = unwantedDialog(response);
    const target = fallbackTarget(dialog);
    this.options.layer.sendStateless(ack, { target });
    this.options.layer.sendRequest(bye, NO_USER, { target });
  }
}
