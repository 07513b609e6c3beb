import type { ServerTransaction } from '@legato/sip';
import type { CallMode, RecordingChannels } from '../call/call-snapshot';
import type { CallView, RecordingView } from '../call/call-view';

/** Why a command was not carried out; `code` is of the error catalogue. */
export interface CommandRefused {
  readonly refused: 'not_found' | 'conflict' | 'unavailable';
  readonly code: string;
  readonly detail: string;
}

export interface OriginateCommand {
  readonly from: string;
  /** One party (anchored only), or two of which the first is rung first. */
  readonly to: readonly string[];
  readonly mode: CallMode;
  readonly timeoutMs?: number;
  readonly maxDurationMs?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly record?: { readonly channels: RecordingChannels };
}

/** Everything that can be asked of the calls of this node; each command goes through the mailbox of its call. */
export interface CallControl {
  /** An INVITE outside a dialog that passed the guards. */
  receiveInvite(transaction: ServerTransaction): void;
  originate(command: OriginateCommand): Promise<CallView | CommandRefused>;
  hangup(callId: string): Promise<CallView | CommandRefused>;
  startRecording(
    callId: string,
    options: { readonly channels: RecordingChannels; readonly maxMs?: number },
  ): Promise<RecordingView | CommandRefused>;
  stopRecording(recordingId: string): Promise<RecordingView | CommandRefused>;
  getCall(id: string): Promise<CallView | undefined>;
  listCalls(options: {
    readonly after?: string;
    readonly limit: number;
    readonly state?: string;
  }): Promise<{ data: CallView[]; next?: string }>;
  getRecording(id: string): Promise<RecordingView | undefined>;
  listRecordings(callId: string): Promise<RecordingView[] | undefined>;
  /** Numbers for /metrics. */
  counts(): Record<string, number>;
}

export const isRefused = (answer: object): answer is CommandRefused => 'refused' in answer;
