import type { FlowBeginning, FlowDocument, FlowState } from '@legato/flows';

/** What the step of a flow under way waits for. */
export interface AwaitedByFlow {
  readonly kind: 'answer' | 'play' | 'collect' | 'recording' | 'bridge' | 'conference' | 'application';
  /** Of the media work, or the number of the step; missing while it is being asked for. */
  readonly id?: string;
}

/** The flow that has a call in hand. */
export interface FlowSnapshot {
  readonly id: string;
  /** A flow of this call alone: it is in no library. */
  readonly document?: FlowDocument;
  /** What the flow before it left. */
  readonly beginning?: FlowBeginning;
  /** Missing until its document is there; then the call keeps to this version. */
  version?: number;
  state?: FlowState;
  awaited?: AwaitedByFlow;
  /** How it ended. */
  outcome?: string;
}
