import type { FlowCommand, FlowFailure, FlowState, WebhookAnswer } from '@legato/flows';
import type { Result } from '@legato/kernel';
import type { EndedReason, SipOutcome } from '../call/call-snapshot';
import type { CallState } from '../call/call.machine';

/** A question to an application that a flow asks. */
export interface FlowQuestion {
  readonly call: {
    readonly id: string;
    readonly direction: 'inbound' | 'outbound';
    readonly from: string;
    readonly to: readonly string[];
    readonly state: CallState;
  };
  /** Missing: a flow of the call alone. */
  readonly flow?: { readonly id: string; readonly version: number };
  /** The step's number in the call: a question that is asked again after a take-over has the same. */
  readonly number: number;
  readonly command: Extract<FlowCommand, { do: 'webhook' }>;
}

/** What an application that had a call in hand learns at its end. */
export interface EndOfCall {
  readonly url: string;
  readonly call: FlowQuestion['call'] & { readonly endedReason?: EndedReason; readonly sip?: SipOutcome };
  readonly last: FlowState['last'];
  readonly variables: Readonly<Record<string, string>>;
}

/** Applications that flows ask over HTTP. */
export interface FlowApplications {
  /** The answer, or why there was none in time that could be understood. Never rejects. */
  ask(question: FlowQuestion): Promise<Result<WebhookAnswer, FlowFailure>>;
  /** Tells of the end of a call, as well as it can: who must not miss one reads the event log. */
  tell(end: EndOfCall): void;
}
