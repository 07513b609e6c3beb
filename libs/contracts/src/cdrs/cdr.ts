import { z } from 'zod';
import { applicationTargetSchema } from '../calls/application-target';
import { CALL_ID, CALL_MODES, ENDED_REASONS } from '../calls/call';
import { cursorText, pageLimit, pageOf } from '../page';

const time = z.iso.datetime({ precision: 3 });

const partySchema = z
  .strictObject({
    role: z.enum(['caller', 'callee']),
    uri: z.string(),
    sip_call_id: z.string().optional().meta({ description: 'The Call-ID of its last dialog.' }),
  })
  .meta({ description: 'A party of the call.' });

export const cdrSchema = z
  .strictObject({
    id: z.string().meta({ description: 'Unique: drop what you have seen.' }),
    call_id: z.string().regex(CALL_ID),
    direction: z.enum(['inbound', 'outbound']),
    mode: z.enum(CALL_MODES).meta({ description: 'Where the media flowed at the end.' }),
    from: z.string(),
    to: z.array(z.string()),
    target: applicationTargetSchema.optional(),
    parties: z.array(partySchema),
    started_at: time,
    answered_at: time.optional(),
    ended_at: time,
    duration_ms: z.int().min(0).meta({ description: 'Since the answer; 0 without one.' }),
    ended_reason: z.enum(ENDED_REASONS),
    sip: z.strictObject({ status: z.int(), reason: z.string() }).optional(),
    recordings: z.array(z.string()).meta({ description: 'Ids, in the order they were asked for.' }),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ description: 'A call detail record: one for each call, written with its end.' });

export const cdrPageSchema = pageOf(cdrSchema);

/** The query of GET /v1/cdrs. */
export const listCdrsSchema = z.strictObject({
  limit: pageLimit(1000, 100),
  cursor: cursorText.default('').meta({ description: 'Without it: the oldest record that is kept.' }),
});
export type ListCdrs = z.infer<typeof listCdrsSchema>;
