import type { DialogStep, MomlAction } from '@legato/msml';
import type { DialogScope, Primitive } from './primitive';

const ACTIONS: readonly string[] = ['send', 'exit', 'disconnect'];

const isAction = (step: DialogStep): step is MomlAction => ACTIONS.includes(step.element);

/** The steps of a dialog, one after the other, in document order (RFC 5707 §9.1). */
export class Sequence {
  private next = 0;
  private current: Primitive | undefined;
  private mode: 'run' | 'finish' | 'stop' = 'run';

  constructor(
    private readonly steps: readonly DialogStep[],
    private readonly scope: DialogScope,
    private readonly done: () => void,
  ) {}

  start(): void {
    this.advance();
  }

  /** Ends what runs; actions that only wait for it to end are still executed, because they report its results. */
  finish(event: string): void {
    this.leave('finish', event);
  }

  /** Ends what runs, and executes nothing more. */
  stop(): void {
    this.leave('stop', 'terminate');
  }

  private leave(mode: 'finish' | 'stop', event: string): void {
    const idle = this.current === undefined;
    this.mode = mode;
    this.current?.receiveEvent(event);
    if (idle) this.scope.post(() => this.advance());
  }

  private advance(): void {
    for (let step = this.take(); step; step = this.take()) {
      if (step.element === 'extension') continue;
      if (isAction(step)) {
        this.scope.act([step]);
        continue;
      }
      if (this.runStep(step)) return;
    }
    this.done();
  }

  private take(): DialogStep | undefined {
    if (this.mode === 'stop') return undefined;
    const rest = this.steps.slice(this.next);
    if (this.mode === 'finish' && !rest.every(isAction)) return undefined;
    this.next += 1;
    return rest[0];
  }

  /** True when the step runs on. */
  private runStep(step: Exclude<DialogStep, MomlAction | { element: 'extension' }>): boolean {
    let returned = false;
    const ended = (): void => {
      this.current = undefined;
      // One that ends at once must not grow the stack.
      if (returned) this.advance();
    };
    this.current = this.scope.run(step, ended);
    returned = true;
    return this.current !== undefined;
  }
}
