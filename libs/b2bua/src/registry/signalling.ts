import type { InviteUsage, ServerTransaction, UsageOutput } from '@legato/sip';

/** The SIP below the calls: carries out what dialogs want sent, and delivers what arrives for them. */
export interface Signalling {
  /** Carries out at once. */
  readonly output: UsageOutput;
  /** A usage for the INVITE that opens a dialog; what the usage wants sent goes to `output`. */
  receiveInvite(usageId: string, output: UsageOutput, transaction: ServerTransaction): InviteUsage;
  /** A dialog that was restored from the store: its timers are armed, its messages find their way again. */
  restore(usage: InviteUsage): void;
  /** Nothing more is delivered for these. */
  forget(usageIds: readonly string[]): void;
}
