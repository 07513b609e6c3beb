import { z } from 'zod';
import { MAX_CASES, MAX_VARIABLES } from './limits';
import { flowName, stepName, variableName, variables, variableValue } from './names';
import { placeholderIn } from './placeholder';
import { promptSources } from './prompt-source';
import { fitsItsKind, spokenFields } from './spoken-values';

const MAX_DIGITS = 64;
const MAX_DIGIT_TIME_MS = 60_000;
const MAX_RECORD_S = 3_600;
const MAX_RING_S = 600;
const MAX_WEBHOOK_S = 10;
const MAX_COUNT = 1_000;

const next = stepName
  .optional()
  .meta({ description: 'Where a good outcome leads; without it the flow ends there and the call with it.' });
const way = stepName.optional();
const failed = z.strictObject({ failed: way }).optional();
const barge = z.boolean().optional().meta({ description: 'A digit ends it.' });

/** A field that is written out, or is a placeholder as a whole. */
const orPlaceholder = (literal: RegExp, message: string, max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => placeholderIn(value) !== undefined || literal.test(value), message);

export const ROOM_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** Who can be dialed; whether the URI parses is for the SIP library to say. */
export const DIALED_URI =
  /^sip:(?:[A-Za-z0-9\-_.!~*'()&=+$,;/:@[\]]|%[2-6][0-9A-Fa-f]|%7[0-9A-Ea-e]|%[89A-Fa-f][0-9A-Fa-f]){1,252}$/;

const play = z.strictObject({
  type: z.literal('play'),
  sources: promptSources,
  loop: z.int().min(1).max(100).optional().meta({ description: 'How often; once without it.' }),
  barge,
  next,
  on: failed,
});

const say = z
  .strictObject({ type: z.literal('say'), ...spokenFields, barge, next, on: failed })
  .refine(fitsItsKind, { path: ['value'], message: 'is no value of this kind' });

const key = z.string().regex(/^[0-9A-D*#]$/, 'expected one key');
const digitTime = z.int().min(100).max(MAX_DIGIT_TIME_MS).optional();

const gather = z
  .strictObject({
    type: z.literal('gather'),
    prompt: promptSources.optional(),
    barge,
    pattern: z
      .string()
      .regex(/^[0-9A-D*#x]{1,64}$/, 'expected keys, x for any digit')
      .optional()
      .meta({ description: 'Keys that are waited for one by one, x for any digit.' }),
    min: z.int().min(1).max(MAX_DIGITS).optional(),
    max: z.int().min(1).max(MAX_DIGITS).optional(),
    term: key.optional().meta({ description: 'The key that says "done".' }),
    first_digit_ms: digitTime,
    inter_digit_ms: digitTime,
    retries: z.int().min(0).max(10).optional().meta({ description: 'How often the prompt comes again.' }),
    sensitive: z.boolean().optional().meta({
      description:
        'The digits are kept in memory only: recordings are silent meanwhile, no log, event or store has them.',
    }),
    into: variableName
      .optional()
      .meta({ description: 'The variable that takes the digits; "digits" without it.' }),
    next,
    on: z.strictObject({ no_input: way, no_match: way, failed: way }).optional(),
  })
  .refine(({ pattern, max, term }) => pattern !== undefined || max !== undefined || term !== undefined, {
    path: ['max'],
    message: 'one of pattern, max and term says when it is over',
  })
  .refine(({ pattern, min, max, term }) => pattern === undefined || (min ?? max ?? term) === undefined, {
    path: ['pattern'],
    message: 'does not go with min, max or term',
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
    path: ['min'],
    message: 'is more than max',
  });

const branchCase = z
  .strictObject({
    equals: variableValue.optional(),
    starts_with: variableValue.optional(),
    length: z.int().min(0).max(MAX_DIGITS).optional(),
    next: stepName,
  })
  .refine(
    ({ equals, starts_with, length }) =>
      [equals, starts_with, length].filter((one) => one !== undefined).length === 1,
    {
      message: 'exactly one of equals, starts_with and length',
    },
  );
export type BranchCase = z.infer<typeof branchCase>;

const branch = z
  .strictObject({
    type: z.literal('branch'),
    variable: variableName.optional().meta({ description: 'Compares its value, "" when it has none.' }),
    outcome_of: stepName.optional().meta({ description: 'Compares the last outcome of that step.' }),
    cases: z.array(branchCase).min(1).max(MAX_CASES),
    next,
  })
  .refine(({ variable, outcome_of }) => (variable === undefined) !== (outcome_of === undefined), {
    path: ['variable'],
    message: 'exactly one of variable and outcome_of',
  });

const set = z.strictObject({
  type: z.literal('set'),
  variables: variables.optional(),
  add: z
    .record(variableName, z.int().min(-MAX_COUNT).max(MAX_COUNT))
    .refine((named) => Object.keys(named).length <= MAX_VARIABLES, `at most ${MAX_VARIABLES} variables`)
    .optional()
    .meta({ description: 'Counts: what is no number counts as 0.' }),
  next,
});

const record = z.strictObject({
  type: z.literal('record'),
  what: z.enum(['message', 'call']).optional().meta({
    description: 'A message of the caller, which ends before the next step, or the call from here on.',
  }),
  channels: z.enum(['mono', 'dual']).optional(),
  max_s: z.int().min(1).max(MAX_RECORD_S).optional(),
  max_silence_s: z.int().min(1).max(60).optional(),
  beep: z.boolean().optional(),
  trim: z.boolean().optional(),
  term: key.optional(),
  into: variableName
    .optional()
    .meta({ description: 'The variable that takes the id; "recording" without it.' }),
  next,
  on: failed,
});

const dial = z.strictObject({
  type: z.literal('dial'),
  to: orPlaceholder(DIALED_URI, 'expected a SIP URI or {{variable}}', 256),
  timeout_s: z.int().min(1).max(MAX_RING_S).optional(),
  next: next.meta({ description: 'Where it goes on when the other party has hung up.' }),
  on: z.strictObject({ busy: way, no_answer: way, rejected: way, failed: way }).optional(),
});

const conference = z.strictObject({
  type: z.literal('conference'),
  name: orPlaceholder(ROOM_NAME, 'expected a name of letters, digits, dots and dashes, or {{variable}}', 64),
  muted: z.boolean().optional(),
  next: next.meta({ description: 'Where it goes on when the conference is over.' }),
  on: failed,
});

const webhook = z.strictObject({
  type: z.literal('webhook'),
  url: z.url({ protocol: /^https?$/ }).max(512),
  send: z
    .array(variableName)
    .max(MAX_VARIABLES)
    .optional()
    .meta({ description: 'Variables that the application is told: all but sensitive ones without it.' }),
  timeout_s: z.int().min(1).max(MAX_WEBHOOK_S).optional(),
  next,
  on: failed,
});

const redirect = z.strictObject({
  type: z.literal('redirect'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(512)
    .meta({ description: 'Who is asked from here on, instead of the application that answered.' }),
  timeout_s: z.int().min(1).max(MAX_WEBHOOK_S).optional(),
  on: failed,
});

const flow = z.strictObject({
  type: z.literal('flow'),
  flow: flowName.meta({ description: 'The active version of that flow goes on, with the same variables.' }),
});

/** 401 and 407 would need a challenge beside them. */
const ASK_FOR_CREDENTIALS: readonly number[] = [401, 407];

const reject = z.strictObject({
  type: z.literal('reject'),
  status: z
    .int()
    .min(400)
    .max(699)
    .refine((status) => !ASK_FOR_CREDENTIALS.includes(status), 'needs a challenge')
    .optional()
    .meta({ description: 'The SIP status for a caller that was not answered yet, 603 without it.' }),
});

const hangup = z.strictObject({ type: z.literal('hangup') });

/** One step of a flow, by `type`. */
export const step = z.discriminatedUnion('type', [
  play,
  say,
  gather,
  branch,
  set,
  record,
  dial,
  conference,
  webhook,
  redirect,
  flow,
  reject,
  hangup,
]);
export type Step = z.infer<typeof step>;
export type StepOf<Type extends Step['type']> = Extract<Step, { type: Type }>;
