import type { Step, StepOf } from './step-schemas';

/** How a step can turn out: the good outcomes lead to `next`, the others where `on` says. */
export const OUTCOMES = {
  play: { good: ['completed', 'barged'], bad: ['failed'] },
  say: { good: ['completed', 'barged'], bad: ['failed'] },
  gather: { good: ['matched'], bad: ['no_input', 'no_match', 'failed'] },
  branch: { good: ['default'], bad: [] },
  set: { good: ['set'], bad: [] },
  record: { good: ['completed', 'started'], bad: ['failed'] },
  dial: { good: ['completed'], bad: ['busy', 'no_answer', 'rejected', 'failed'] },
  conference: { good: ['completed'], bad: ['failed'] },
  webhook: { good: ['answered'], bad: ['failed'] },
  redirect: { good: ['answered'], bad: ['failed'] },
  flow: { good: ['handed_over'], bad: [] },
  reject: { good: ['rejected'], bad: [] },
  hangup: { good: [], bad: [] },
} as const satisfies Readonly<Record<Step['type'], { good: readonly string[]; bad: readonly string[] }>>;

/** Whether an outcome is what the step was for. */
export const isGood = (type: Step['type'], outcome: string): boolean =>
  (OUTCOMES[type].good as readonly string[]).includes(outcome);

/** Where good outcomes of a step lead, if anywhere. */
export const nextOf = (step: Step): string | undefined => ('next' in step ? step.next : undefined);

/** Where a document says that a step leads: the member that says so, and the step that it names. */
export interface Way {
  readonly at: readonly (string | number)[];
  readonly to: string;
}

/** Every way out of a step that its document names. */
export function waysOf(step: Step): Way[] {
  const next = nextOf(step);
  const ways: Way[] = next === undefined ? [] : [{ at: ['next'], to: next }];
  if (step.type === 'branch') {
    ways.push(...step.cases.map(({ next }, at) => ({ at: ['cases', at, 'next'], to: next })));
  }
  const on = 'on' in step ? Object.entries(step.on ?? {}) : [];
  for (const [outcome, to] of on) if (to !== undefined) ways.push({ at: ['on', outcome], to });
  return ways;
}

/** Whether a step that turns out well can end the flow. */
export const endsWell = (step: Step): boolean => nextOf(step) === undefined;

/** Steps behind which nothing of their flow comes. */
export const isLast = (step: Step): step is StepOf<'flow' | 'reject' | 'hangup'> =>
  step.type === 'flow' || step.type === 'reject' || step.type === 'hangup';

/** Steps that ask an application, which may answer with the name of any step. */
export const asksApplication = (step: Step): step is StepOf<'webhook' | 'redirect'> =>
  step.type === 'webhook' || step.type === 'redirect';

/** Steps that are over at once: nobody waits for anything. */
export const isInstant = (step: Step): step is StepOf<'branch' | 'set'> =>
  step.type === 'branch' || step.type === 'set';
