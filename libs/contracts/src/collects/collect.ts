import { z } from 'zod';
import { promptSources } from '../media/prompt-source';
import { pageOf } from '../page';
import { failureSchema } from '../recordings/recording';

export const COLLECT_STATES = [
  'queued',
  'collecting',
  'matched',
  'no_input',
  'no_match',
  'terminated',
  'failed',
] as const;

/** `collect_` and a UUID of version 7 (RFC 9562 §5.7). */
export const COLLECT_ID = /^collect_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const MOST_DIGITS = 32;
const time = z.iso.datetime({ precision: 3 });
const patience = (usual: number) => z.int().min(100).max(120_000).default(usual);

/** The body of POST /v1/calls/{id}/collects. */
export const createCollectSchema = z
  .strictObject({
    leg: z.enum(['caller', 'callee']).default('caller'),
    prompt: promptSources.optional(),
    barge: z.boolean().default(true).meta({ description: 'The first digit ends the prompt.' }),
    pattern: z
      .string()
      .regex(/^[0-9A-Dx*#]{1,32}$/, 'expected 1 to 32 of 0-9 A-D * # and x for any digit')
      .optional()
      .meta({ description: 'The digits that match, `x` stands for any; instead of min, max and term.' }),
    min: z.int().min(1).max(MOST_DIGITS).optional(),
    max: z.int().min(1).max(MOST_DIGITS).optional(),
    term: z
      .string()
      .regex(/^[0-9A-D*#]$/, 'expected one key')
      .optional()
      .meta({ description: 'The key that says "done"; no part of the digits.' }),
    first_digit_ms: patience(5000),
    inter_digit_ms: patience(4000),
    retries: z.int().min(0).max(10).default(0).meta({ description: 'After no input or no match.' }),
    sensitive: z.boolean().default(false).meta({
      description:
        'Recordings are silent meanwhile, and the digits are stored nowhere: the first who reads the collection gets them.',
    }),
    no_input_prompt: promptSources.optional(),
    no_match_prompt: promptSources.optional(),
  })
  .refine(
    ({ pattern, min, max, term }) =>
      (pattern === undefined) !== (max === undefined) &&
      (pattern === undefined || (min === undefined && term === undefined)),
    {
      path: ['max'],
      message: 'expected either pattern, or max with min and term as needed',
    },
  )
  .refine(({ min = 1, max = MOST_DIGITS }) => min <= max, {
    path: ['min'],
    message: 'expected no more than max',
  })
  .meta({ description: 'Which digits are asked of a party.' });
export type CreateCollect = z.infer<typeof createCollectSchema>;

export const collectSchema = z
  .strictObject({
    id: z.string().regex(COLLECT_ID),
    call_id: z.string(),
    state: z.enum(COLLECT_STATES),
    leg: z.enum(['caller', 'callee']),
    sensitive: z.boolean(),
    attempts: z.int().min(1),
    digits: z
      .string()
      .optional()
      .meta({ description: 'Once it has matched; those of a sensitive one only once, and not in lists.' }),
    created_at: time,
    started_at: time.optional(),
    ended_at: time.optional(),
    error: failureSchema.optional(),
  })
  .meta({ description: 'A collection of digits from a party of a call.' });

export const collectPageSchema = pageOf(collectSchema);
