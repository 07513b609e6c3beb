import { z } from 'zod';
import { cursorText, pageLimit, pageOf } from '../page';
import { applicationName, applicationTargetSchema } from './application-target';
import { recordingOptions } from '../recordings/recording-options';
import { freeText } from '../text/free-text';
import { sipUriText } from '../text/sip-uri-text';

export const CALL_STATES = ['queued', 'ringing', 'early', 'in_progress', 'held', 'ending', 'ended'] as const;
export const CALL_MODES = ['direct', 'anchored'] as const;
export const ENDED_REASONS = [
  'completed',
  'busy',
  'no_answer',
  'canceled',
  'rejected',
  'failed',
  'media_lost',
  'timeout',
] as const;

/** `call_` and a UUID of version 7 (RFC 9562 §5.7). */
export const CALL_ID = /^call_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const time = z.iso.datetime({ precision: 3 });

const sipOutcomeSchema = z
  .strictObject({ status: z.int().min(100).max(699), reason: z.string() })
  .meta({ description: 'A SIP status line (RFC 3261 §7.2).' });

const legSchema = z
  .strictObject({
    role: z.enum(['caller', 'callee']),
    uri: z.string(),
    state: z.string(),
    sip_call_id: z.string().optional().meta({ description: 'The Call-ID of its dialog.' }),
  })
  .meta({ description: 'One party of a call: a SIP dialog of its own.' });

const callFlowSchema = z
  .strictObject({
    id: z.string(),
    version: z.int().min(1).optional(),
    step: z.string().optional(),
    outcome: z.string().optional().meta({ description: 'How the flow ended.' }),
  })
  .meta({ description: 'Where the call is in its flow.' });

export const callSchema = z
  .strictObject({
    id: z.string().regex(CALL_ID),
    state: z.enum(CALL_STATES),
    ended_reason: z.enum(ENDED_REASONS).optional(),
    sip: sipOutcomeSchema.optional(),
    mode: z.enum(CALL_MODES),
    direction: z.enum(['inbound', 'outbound']),
    from: z.string(),
    to: z.array(z.string()),
    target: applicationTargetSchema.optional(),
    flow: callFlowSchema.optional(),
    created_at: time,
    answered_at: time.optional(),
    ended_at: time.optional(),
    legs: z.array(legSchema),
    muted: z
      .array(z.enum(['caller', 'callee']))
      .optional()
      .meta({ description: 'Parties whom the other one does not hear.' }),
    recordings: z.array(z.string()).meta({ description: 'Ids, in the order they were asked for.' }),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ description: 'The pair of legs that Legato bridges.' });

export const callPageSchema = pageOf(callSchema);

export const metadataSchema = z
  .record(
    z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected 1 to 64 letters, digits, dots, dashes, underscores'),
    freeText(512),
  )
  .refine((metadata) => Object.keys(metadata).length <= 32, 'at most 32 entries')
  .meta({ description: 'Yours: kept and returned, never sent by SIP.', maxProperties: 32 });

const TAKERS = ['flow', 'conference', 'webhook'] as const;
type Taker = (typeof TAKERS)[number];

/** Who is to have a call of one party in hand. */
const takersOf = (call: { readonly [Kind in Taker]?: string | undefined }): Taker[] =>
  TAKERS.filter((kind) => call[kind] !== undefined);

/** The body of POST /v1/calls. */
export const createCallSchema = z
  .strictObject({
    from: sipUriText.meta({ description: 'Who the parties see as the caller.' }),
    to: z
      .array(sipUriText)
      .min(1)
      .max(2)
      .meta({ description: 'Who is rung, in this order; the second is bridged with the first.' }),
    flow: applicationName
      .optional()
      .meta({ description: 'With one party: the flow that takes it in hand when it has answered.' }),
    conference: applicationName
      .optional()
      .meta({ description: 'With one party: the conference that it joins when it has answered.' }),
    webhook: z
      .url({ protocol: /^https?$/ })
      .max(512)
      .optional()
      .meta({
        description: 'With one party: the application that is asked what it hears when it has answered.',
      }),
    mode: z.enum(CALL_MODES).default('anchored'),
    timeout_s: z.int().min(1).max(600).optional().meta({ description: 'How long each party may ring.' }),
    max_duration_s: z.int().min(1).max(86_400).optional(),
    metadata: metadataSchema.optional(),
    record: z
      .strictObject({ channels: recordingOptions.shape.channels })
      .optional()
      .meta({ description: 'Starts a recording as soon as the parties are connected.' }),
  })
  .refine((call) => call.mode === 'anchored' || call.to.length === 2, {
    path: ['to'],
    message: 'a direct call needs two parties',
  })
  .refine((call) => takersOf(call).length === 0 || call.to.length === 1, {
    path: ['to'],
    message: 'a flow, a conference or a webhook takes one party',
  })
  .superRefine((call, context) => {
    const [first, ...others] = takersOf(call);
    for (const other of others)
      context.addIssue({ code: 'custom', path: [other], message: `goes without ${first}` });
  })
  .meta({ description: 'A call between two parties, or between one and the media server.' });
export type CreateCall = z.infer<typeof createCallSchema>;

/** The query of GET /v1/calls. */
export const listCallsSchema = z.strictObject({
  limit: pageLimit(100, 20),
  cursor: cursorText.optional(),
  state: z.enum(CALL_STATES).optional(),
});
export type ListCalls = z.infer<typeof listCallsSchema>;
