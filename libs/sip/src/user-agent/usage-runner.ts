import type { Clock, IdSource, Log } from '@legato/kernel';
import type { TransactionLayer } from '../transaction/transaction-layer';
import type { ServerTransaction } from '../transaction/transaction-user';
import { InviteUsage } from './invite-usage';
import type { UsageEvent } from './usage-events';
import type { UsageOutput } from './usage-output';
import type { UserAgentCore } from './user-agent-core';

/** Finds the usage and gives it to `feed`, now or in its turn, then acts on the events. */
export type DeliverToUsage = (usageId: string, feed: (usage: InviteUsage) => UsageEvent[]) => void;

export interface UsageRunnerOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly layer: TransactionLayer;
  readonly core: UserAgentCore;
  readonly log?: Log;
  readonly allow: readonly string[];
  /** User part of the default Contact. */
  readonly contactUser?: string;
  readonly timers?: { readonly T1?: number; readonly T2?: number };
}

/** Skeleton. */
export class UsageRunner {
  deliver: DeliverToUsage = () => undefined;
  readonly output: UsageOutput;
  constructor(private readonly options: UsageRunnerOptions) {
    this.output = {
      sendRequest: () => undefined,
      sendCancel: () => undefined,
      sendAck: () => undefined,
      sendResponse: () => undefined,
      startTimer: () => undefined,
      stopTimer: () => undefined,
      dialogAdded: () => undefined,
      dialogRemoved: () => undefined,
      now: () => options.clock.wallTime(),
      ids: options.ids,
      contact: '<sip:127.0.0.1>',
      allow: options.allow.join(', '),
      timers: { T1: 500, T2: 4000 },
    };
  }
  /** The usage of an INVITE that opens a dialog; what it wants sent goes to `output`, which ends in this runner's. */
  receiveInvite(usageId: string, output: UsageOutput, transaction: ServerTransaction): InviteUsage {
    return InviteUsage.incoming(usageId, output, transaction.request, transaction.key);
  }
  /** Arms the timers of a restored usage and takes its dialog's messages. */
  restore(_usage: InviteUsage): void {}
  /** Drops what is held of these usages: nothing more is delivered for them. */
  forget(_usageIds: readonly string[]): void {}
  /** Usages that this runner holds something of. */
  get size(): number {
    return this.options.core.dialogs.size;
  }
}
