import type { BranchCase, StepOf } from '../document/step-schemas';
import { valueOf } from './fill';
import type { FlowState, Secrets } from './flow-state';

function fits({ equals, starts_with: start, length }: BranchCase, value: string): boolean {
  if (equals !== undefined) return value === equals;
  if (start !== undefined) return value.startsWith(start);
  return value.length === length;
}

/** The first case that a branch takes, from 0, or -1 for none. */
export function caseOf(step: StepOf<'branch'>, state: FlowState, secrets: Secrets): number {
  const { variable, outcome_of: asked } = step;
  const value =
    variable === undefined
      ? valueOf(state.outcomes, asked ?? '')
      : (valueOf(secrets, variable) ?? valueOf(state.variables, variable));
  return step.cases.findIndex((each) => fits(each, value ?? ''));
}

/** The sum as the text that variables hold; what is no whole number counts as 0. */
export function addTo(value: string | undefined, amount: number): string {
  const before = Number(value);
  return String((Number.isSafeInteger(before) ? before : 0) + amount);
}
