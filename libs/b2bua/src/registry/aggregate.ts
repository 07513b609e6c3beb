import type { LogFields } from '@legato/kernel';
import type { InviteUsage, UsageEvent } from '@legato/sip';
import type { CallEvent } from '../ports/call-store';
import type { Answering } from './command-answers';

/**
 * What is stored as a whole, has a mailbox of its own and dialogs: a call or a conference. Everything but the getters runs
 * inside its mailbox.
 */
export interface Aggregate {
  /** Kind and UUID: `call_…`, `conf_…`. Its dialogs are numbered under it. */
  readonly id: string;
  readonly snapshot: Answering;
  /** How log lines name it. */
  readonly logFields: LogFields;
  /** Nothing of it is left but its record. */
  readonly isEnded: boolean;
  readonly isEnding: boolean;
  /** Somebody relies on it: when the store is away it goes on in memory. */
  readonly isEstablished: boolean;
  /** How long its record has to be kept while it lives, in milliseconds. */
  readonly liveTtlMs: number;
  /** The snapshot as JSON text. */
  serialize(): string;
  /** What is written of it once, when it has ended; undefined for what nobody counts. */
  detailRecord?(): string | undefined;
  takeEvents(): CallEvent[];
  /** What a dialog has to tell, in order. */
  receive(usageId: string, events: readonly UsageEvent[]): void;
  usageById(id: string): InviteUsage | undefined;
  /** Dialogs that have not ended. */
  openUsageList(): InviteUsage[];
  /** The ids of all dialogs that were ever opened. */
  usageIds(): string[];
  /** It was never stored and can not be: marks it as ended. */
  giveUp(): void;
  /** A programming error: begins to end it. */
  fail(): void;
}
