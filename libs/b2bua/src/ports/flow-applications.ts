import type { FlowCommand, WebhookAnswer } from '@legato/flows';

/** A question to an application that a flow asks. */
export interface FlowQuestion {
  readonly call: {
    readonly id: string;
    readonly direction: 'inbound' | 'outbound';
    readonly from: string;
    readonly to: readonly string[];
  };
  readonly flow: string;
  readonly version: number;
  /** The step's number in the call: a question that is asked again after a take-over has the same. */
  readonly number: number;
  readonly command: Extract<FlowCommand, { do: 'webhook' }>;
}

/** Applications that flows ask over HTTP. */
export interface FlowApplications {
  /** The answer, or undefined when there was none in time that could be understood. Never rejects. */
  ask(question: FlowQuestion): Promise<WebhookAnswer | undefined>;
}
