import type { FlowDocument } from '../document/flow-document';
import { MAX_VARIABLES_HELD } from '../document/limits';
import type { Step } from '../document/step-schemas';
import type { FlowFailure } from './flow-failures';
import type { FlowEnd, FlowState, Piece, Secrets } from './flow-state';

/** One step that was taken, for events and simulation. */
export interface TakenStep {
  /** Its place among all steps that the call has taken, from 1. */
  readonly number: number;
  readonly step: string;
  readonly type: Step['type'];
  readonly outcome: string;
  /** The step that comes next; null when the flow ends here. */
  readonly next: string | null;
  /** Why it failed, as far as that is for applications to know. */
  readonly error?: FlowFailure;
}

/** How a step turned out. */
interface Noted {
  readonly outcome: string;
  readonly error?: FlowFailure;
}

/** A flow while one outcome is worked off: a draft of the next state. */
export class FlowRun {
  step: string;
  number: number;
  piece: Piece | null;
  end: FlowEnd | null;
  last: FlowState['last'];
  readonly taken: TakenStep[] = [];
  private readonly before: number;
  private readonly redirected: Map<string, string>;
  private readonly variables: Map<string, string>;
  private readonly secretSteps: Map<string, string>;
  private readonly outcomes: Map<string, string>;
  private readonly values: Map<string, string>;

  constructor(
    private readonly document: FlowDocument,
    before: FlowState,
    secrets: Secrets,
  ) {
    this.step = before.step;
    this.number = before.taken;
    this.before = before.before ?? 0;
    this.redirected = new Map(Object.entries(before.redirected ?? {}));
    this.piece = before.piece;
    this.end = before.end;
    this.last = before.last;
    this.variables = new Map(Object.entries(before.variables));
    this.secretSteps = new Map(Object.entries(before.secrets));
    this.outcomes = new Map(Object.entries(before.outcomes));
    this.values = new Map(Object.entries(secrets));
  }

  /** A step by name, those that an application answered with first. */
  find(name: string): Step | undefined {
    const { steps } = this.piece && Object.hasOwn(this.piece.steps, name) ? this.piece : this.document;
    return Object.hasOwn(steps, name) ? steps[name] : undefined;
  }

  /** Steps that this flow has taken. */
  get count(): number {
    return this.number - this.before;
  }

  /** The step that is asked again behind what an application answers to the step under way. */
  get asker(): string {
    return this.piece && Object.hasOwn(this.piece.steps, this.step) ? this.piece.asker : this.step;
  }

  /** Has a step ask somebody else from now on. */
  redirect(asker: string, url: string): void {
    this.redirected.set(asker, url);
  }

  /** Forgets the steps of an application's answer, and how they turned out: their names are as many as it likes. */
  leavePiece(): void {
    for (const name of Object.keys(this.piece?.steps ?? {})) {
      if (!Object.hasOwn(this.document.steps, name)) this.outcomes.delete(name);
    }
    this.piece = null;
  }

  /** Gives a variable its value; false when there are too many. */
  hold(name: string, value: string): boolean {
    this.values.delete(name);
    this.secretSteps.delete(name);
    this.variables.set(name, value);
    return this.variables.size <= MAX_VARIABLES_HELD;
  }

  /** Gives a sensitive variable its value, which stays out of the state. */
  holdSecret(name: string, value: string): void {
    this.variables.delete(name);
    this.secretSteps.set(name, this.step);
    this.values.set(name, value);
  }

  /** The step that asks for a sensitive variable of which only the name is left, or undefined. */
  asksAgain(name: string): string | undefined {
    return this.values.has(name) ? undefined : this.secretSteps.get(name);
  }

  /** Writes down how the step under way turned out. */
  note(type: Step['type'], { outcome, error }: Noted, next: string | null): void {
    // A step of an answer that another answer took the place of is forgotten.
    if (this.find(this.step)) this.outcomes.set(this.step, outcome);
    this.last = { step: this.step, outcome };
    const { number, step } = this;
    this.taken.push({ number, step, type, outcome, next, ...(error && { error }) });
  }

  get state(): FlowState {
    return {
      step: this.step,
      taken: this.number,
      ...(this.before > 0 && { before: this.before }),
      variables: Object.fromEntries(this.variables),
      secrets: Object.fromEntries(this.secretSteps),
      outcomes: Object.fromEntries(this.outcomes),
      last: this.last,
      piece: this.piece,
      ...(this.redirected.size > 0 && { redirected: Object.fromEntries(this.redirected) }),
      end: this.end,
    };
  }

  get secrets(): Secrets {
    return Object.fromEntries(this.values);
  }
}
