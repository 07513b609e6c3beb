import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { z } from 'zod';
import type { FlowError } from '../check/flow-errors';
import { formErrors } from '../check/flow-errors';
import { MAX_STEPS_ANSWERED } from './limits';
import { stepName, variables } from './names';
import type { Step } from './step-schemas';
import { step } from './step-schemas';
import { isLast } from './step-ways';

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
  .superRefine(({ steps = [] }, context) =>
    steps.forEach(({ step: { type } }, index) => {
      if (type !== 'webhook') return;
      const message = 'the application is asked again anyway; redirect asks another';
      context.addIssue({ code: 'custom', path: ['steps', index, 'step', 'type'], message });
    }),
  );

/** An answer that was understood: steps in order, under their names. */
export interface WebhookAnswer {
  readonly variables: Readonly<Record<string, string>>;
  readonly next?: string;
  readonly steps?: Readonly<Record<string, Step>>;
}

/**
 * Reads what an application answered, a list of steps or an object that has one; never throws. A step without `next` leads to
 * the one behind it.
 */
export function readWebhookAnswer(input: unknown): Result<WebhookAnswer, readonly FlowError[]> {
  if (!Array.isArray(input)) return readObject(input);
  const read = readObject({ steps: input as unknown });
  return read.ok ? read : err(read.error.map(withoutMember));
}

function readObject(input: unknown): Result<WebhookAnswer, readonly FlowError[]> {
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

const STEPS = '/steps';

/** The pointer into an answer that is a list by itself. */
const withoutMember = ({ pointer, detail }: FlowError): FlowError => ({
  pointer: pointer.startsWith(STEPS) ? pointer.slice(STEPS.length) : pointer,
  detail,
});

/** Steps of an answer lead to each other in their order, where they do not say otherwise. */
const leadOn = (each: Step, following: string | undefined): Step =>
  isLast(each) || each.type === 'redirect' || each.next !== undefined || following === undefined
    ? each
    : { ...each, next: following };

type JsonObject = Record<string, unknown>;

/** The JSON Schema (2020-12) of what applications answer, for editors and for applications that check themselves. */
export function answerJsonSchema(): Record<string, unknown> {
  const { oneOf = [] } = z.toJSONSchema(step, { io: 'input' });
  const named = z.toJSONSchema(stepName);
  const answered = (oneOf as JsonObject[])
    .filter(({ properties }) => (properties as { type: { const: string } }).type.const !== 'webhook')
    .map(({ properties, ...rest }) => ({
      ...rest,
      properties: { id: { type: named.type, pattern: named.pattern }, ...(properties as JsonObject) },
    }));
  const steps = { type: 'array', maxItems: MAX_STEPS_ANSWERED, items: { oneOf: answered } };
  const { $schema, ...held } = z.toJSONSchema(variables, { io: 'input' });
  return {
    $schema,
    $id: 'urn:legato:schema:flow-answer',
    description: 'What an application answers: steps, in order, or variables and where to go on.',
    oneOf: [
      steps,
      {
        type: 'object',
        properties: { variables: held, next: { type: named.type, pattern: named.pattern }, steps },
        additionalProperties: false,
      },
    ],
  };
}
