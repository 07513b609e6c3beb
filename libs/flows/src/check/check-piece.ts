import { readNames } from '../document/step-variables';
import { waysOf } from '../document/step-ways';
import type { WebhookAnswer } from '../document/webhook-answer';

interface Surroundings {
  /** Whether the document has a step. */
  readonly has: (name: string) => boolean;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Whether the steps of an answer lead to steps that are there, and say nothing aloud that is sensitive. */
export function checkPiece({ next, steps = {} }: WebhookAnswer, { has, secrets }: Surroundings): boolean {
  if (next !== undefined && !has(next)) return false;
  return Object.values(steps).every(
    (step) =>
      waysOf(step).every(({ to }) => Object.hasOwn(steps, to) || has(to)) &&
      readNames(step).every(({ variable }) => !Object.hasOwn(secrets, variable)),
  );
}
