import { z } from 'zod';
import { CALL_ID } from '../calls/call';
import { pageOf } from '../page';
import { failureSchema } from '../recordings/recording';
import { sipUriText } from '../text/sip-uri-text';

export const PARTICIPANT_STATES = ['joining', 'connected', 'left'] as const;
export const LEFT_REASONS = [
  'left',
  'kicked',
  'ended',
  'busy',
  'no_answer',
  'canceled',
  'rejected',
  'failed',
  'media_lost',
] as const;

/** `part_` and a UUID of version 7 (RFC 9562 §5.7). */
export const PARTICIPANT_ID = /^part_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const time = z.iso.datetime({ precision: 3 });
const MOST_GAIN_DB = 32;

const role = z.enum(['host', 'member']);
const coachOf = z.string().regex(PARTICIPANT_ID, 'expected the id of a participant');
const wanted = {
  muted: z.boolean().meta({ description: 'Nobody hears it.' }),
  deaf: z.boolean().meta({ description: 'It hears nobody.' }),
  hold: z.boolean().meta({ description: 'It hears music, and nobody hears it.' }),
  gain_db: z
    .number()
    .min(-MOST_GAIN_DB)
    .max(MOST_GAIN_DB)
    .meta({ description: 'How much louder the others hear it.' }),
};

/** The body of POST /v1/conferences/{id}/participants. */
export const addParticipantSchema = z
  .strictObject({
    call_id: z
      .string()
      .regex(CALL_ID, 'expected the id of a call')
      .optional()
      .meta({ description: 'A call of one party that is connected to the media server.' }),
    to: sipUriText.optional().meta({ description: 'Who is rung for the conference.' }),
    from: sipUriText.optional().meta({ description: 'With `to`: who is seen as the caller.' }),
    timeout_s: z.int().min(1).max(600).optional().meta({ description: 'With `to`: how long it may ring.' }),
    role: role.default('member'),
    coach_of: coachOf.optional().meta({ description: 'Only this participant hears it.' }),
    muted: wanted.muted.optional(),
    deaf: wanted.deaf.optional(),
    hold: wanted.hold.optional(),
    gain_db: wanted.gain_db.optional(),
  })
  .refine(({ call_id, to }) => (call_id === undefined) !== (to === undefined), {
    path: ['to'],
    message: 'expected either call_id or to',
  })
  .refine(({ to, from, timeout_s }) => to !== undefined || (from === undefined && timeout_s === undefined), {
    path: ['from'],
    message: 'from and timeout_s go with to',
  })
  .refine(({ to, from }) => to === undefined || from !== undefined, {
    path: ['from'],
    message: 'to wants from',
  })
  .meta({ description: 'A call that is there, or somebody who is rung.' });
export type AddParticipant = z.infer<typeof addParticipantSchema>;

/** The body of PATCH /v1/conferences/{id}/participants/{participant}. */
export const updateParticipantSchema = z
  .strictObject({
    muted: wanted.muted.optional(),
    deaf: wanted.deaf.optional(),
    hold: wanted.hold.optional(),
    gain_db: wanted.gain_db.optional(),
    coach_of: coachOf.nullable().optional().meta({
      description: 'Only this participant hears it; null: everybody does.',
    }),
  })
  .meta({ description: 'What changes; the rest stays.' });
export type UpdateParticipant = z.infer<typeof updateParticipantSchema>;

/** The query of DELETE /v1/conferences/{id}/participants/{participant}. */
export const removeParticipantSchema = z.strictObject({
  hang_up: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'false: it leaves, and its call goes on.' }),
});
export type RemoveParticipant = z.infer<typeof removeParticipantSchema>;

export const participantSchema = z
  .strictObject({
    id: z.string().regex(PARTICIPANT_ID),
    conference_id: z.string(),
    call_id: z.string(),
    uri: z.string(),
    state: z.enum(PARTICIPANT_STATES),
    role,
    ...wanted,
    coach_of: z.string().optional(),
    speaking: z.boolean(),
    created_at: time,
    joined_at: time.optional(),
    left_at: time.optional(),
    left_reason: z.enum(LEFT_REASONS).optional(),
    error: failureSchema.optional(),
  })
  .meta({
    description: 'A call in a conference. Its fields say what is wanted of it; events, what is done.',
  });
export const participantPageSchema = pageOf(participantSchema);
