import { z } from 'zod';
import { promptSources } from '../media/prompt-source';
import { pageOf } from '../page';
import { failureSchema } from '../recordings/recording';

export const PLAY_STATES = ['queued', 'playing', 'completed', 'barged', 'stopped', 'failed'] as const;

/** `play_` and a UUID of version 7 (RFC 9562 §5.7). */
export const PLAY_ID = /^play_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const time = z.iso.datetime({ precision: 3 });

/** The body of POST /v1/calls/{id}/plays. */
export const createPlaySchema = z
  .strictObject({
    sources: promptSources,
    loop: z
      .union([z.int().min(1).max(1000), z.literal('forever')])
      .default(1)
      .meta({ description: 'How often; `forever` plays until it is stopped.' }),
    interval_ms: z.int().min(0).max(600_000).optional().meta({ description: 'Pause between two rounds.' }),
    barge: z.boolean().default(false).meta({ description: 'A digit of a party ends it for that party.' }),
    leg: z.enum(['caller', 'callee', 'both']).default('both'),
  })
  .meta({ description: 'What is played to one party of the call, or to all that are there.' });
export type CreatePlay = z.infer<typeof createPlaySchema>;

export const playSchema = z
  .strictObject({
    id: z.string().regex(PLAY_ID),
    call_id: z.string(),
    state: z.enum(PLAY_STATES),
    leg: z.enum(['caller', 'callee', 'both']),
    created_at: time,
    started_at: time.optional(),
    ended_at: time.optional(),
    error: failureSchema.optional(),
  })
  .meta({ description: 'Something that is played to the parties of a call; they hear one after the other.' });

export const playPageSchema = pageOf(playSchema);
