import type { Step } from '../document/step-schemas';

/** How a flow ended: the outcome that nothing led on from, or what cut it short. */
export interface FlowEnd {
  readonly outcome: string;
  readonly step: string;
}

/** Steps that an application answered with; it is asked again behind the last of them. */
export interface Piece {
  readonly asker: string;
  readonly steps: Readonly<Record<string, Step>>;
}

/** Where a call is in its flow, as plain JSON: it is stored with the call, so nothing sensitive is in it. */
export interface FlowState {
  readonly step: string;
  /** Steps taken so far, the one under way among them: it numbers what the step asks for. */
  readonly taken: number;
  /** Those of the flows before it; missing: it is the first of its call. */
  readonly before?: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Sensitive variables, and the step that asks for each again when its value is lost. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The last outcome of each step. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** How the step before turned out; null at the beginning. */
  readonly last: { readonly step: string; readonly outcome: string } | null;
  readonly piece: Piece | null;
  /** Where an application had steps that ask go on asking; missing: nowhere else. */
  readonly redirected?: Readonly<Record<string, string>>;
  readonly end: FlowEnd | null;
}

/** Values of sensitive variables: in memory only, never logged, never stored. */
export type Secrets = Readonly<Record<string, string>>;
