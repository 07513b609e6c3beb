import type { FlowDocument } from '@legato/flows';
import type { ServerTransaction } from '@legato/sip';
import type { ApplicationTarget, CallMode, RecordingChannels } from '../call/call-snapshot';
import type { CallView } from '../call/call-view';

/** Why a command was not carried out; `code` is of the error catalogue. */
export interface CommandRefused {
  readonly refused: 'not_found' | 'conflict' | 'unavailable';
  readonly code: string;
  readonly detail: string;
}

/** Whose credentials an inbound call came with, and what they are good for. */
export interface CallerAccount {
  /** user@realm */
  readonly name: string;
  /** Calls at the same time on one node. */
  readonly maxCalls?: number;
  readonly maxDurationMs?: number;
}

export interface OriginateCommand {
  readonly from: string;
  /** One party (anchored only), or two of which the first is rung first. */
  readonly to: readonly string[];
  readonly mode: CallMode;
  /** With one party: who takes the call in hand when it has answered. */
  readonly target?: ApplicationTarget;
  /** The flow of the call, where none of the library is meant. */
  readonly document?: FlowDocument;
  readonly timeoutMs?: number;
  readonly maxDurationMs?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly record?: { readonly channels: RecordingChannels };
}

/** Everything that can be asked of the calls of this node; each command goes through the mailbox of its call. */
export interface CallControl {
  /** An INVITE outside a dialog that passed the guards. */
  receiveInvite(transaction: ServerTransaction, account?: CallerAccount): void;
  originate(command: OriginateCommand): Promise<CallView | CommandRefused>;
  /** `reason`: told to the parties (RFC 3326). */
  hangup(callId: string, options?: { readonly reason?: string }): Promise<CallView | CommandRefused>;
  getCall(id: string): Promise<CallView | undefined>;
  listCalls(options: {
    readonly after?: string;
    readonly limit: number;
    readonly state?: string;
  }): Promise<{ data: CallView[]; next?: string }>;
  /** Numbers for /metrics. */
  counts(): Record<string, number>;
}

export const isRefused = (answer: object): answer is CommandRefused => 'refused' in answer;
