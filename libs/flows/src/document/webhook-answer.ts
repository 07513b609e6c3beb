import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { z } from 'zod';
import type { FlowError } from '../check/flow-errors';
import { formErrors } from '../check/flow-errors';
import { MAX_STEPS_ANSWERED } from './limits';
import { stepName, variables } from './names';
import type { Step } from './step-schemas';
import { step } from './step-schemas';

/** One step that an application answers with; it may be named so that others can lead to it. */
const answeredStep = z.preprocess(
  (input) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return { step: input };
    const { id, ...rest } = input as Record<string, unknown>;
    return { ...(id === undefined ? {} : { id }), step: rest };
  },
  z.strictObject({ id: stepName.optional(), step }),
);

/**
 * What an application says to a webhook step: variables, and where to go on: at a step of the document, or through steps
 * of its own, after which it is asked again. No steps at all (`[]`) end the call.
 */
const webhookAnswer = z
  .strictObject({
    variables: variables.optional(),
    next: stepName.optional(),
    steps: z.array(answeredStep).max(MAX_STEPS_ANSWERED).optional(),
  })
  .refine(({ next, steps }) => next === undefined || steps === undefined, {
    path: ['next'],
    message: 'does not go with steps',
  })
  .refine(({ steps }) => !steps?.some(({ step: { type } }) => type === 'webhook'), {
    path: ['steps'],
    message: 'the application is asked again anyway: no webhook among its steps',
  });

/** An answer that was understood: steps in order, under their names. */
export interface WebhookAnswer {
  readonly variables: Readonly<Record<string, string>>;
  readonly next?: string;
  readonly steps?: Readonly<Record<string, Step>>;
}

/** Reads what an application answered; never throws. A step without `next` leads to the one behind it. */
export function readWebhookAnswer(input: unknown): Result<WebhookAnswer, readonly FlowError[]> {
  const parsed = webhookAnswer.safeParse(input);
  if (!parsed.success) return err(formErrors(parsed.error).map(withoutWrapping));
  const { variables: named = {}, next, steps } = parsed.data;
  if (steps === undefined) return ok({ variables: named, ...(next === undefined ? {} : { next }) });
  const names = steps.map(({ id }, index) => id ?? `answered${index + 1}`);
  if (new Set(names).size < names.length)
    return err([{ pointer: '/steps', detail: 'two steps have one name' }]);
  const inOrder = steps.map(
    ({ step: each }, index) => [names[index], leadOn(each, names[index + 1])] as const,
  );
  return ok({ variables: named, steps: Object.fromEntries(inOrder) as Record<string, Step> });
}

/** The pointer as the application sees its steps. */
const withoutWrapping = ({ pointer, detail }: FlowError): FlowError => {
  const [empty = '', steps, index, wrapping, ...rest] = pointer.split('/');
  const parts = wrapping === 'step' ? [empty, steps, index, ...rest] : undefined;
  return { pointer: parts?.join('/') ?? pointer, detail };
};

const leadOn = (each: Step, following: string | undefined): Step =>
  each.type === 'hangup' || each.next !== undefined || following === undefined
    ? each
    : { ...each, next: following };
