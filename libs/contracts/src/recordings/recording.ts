import { z } from 'zod';
import { pageOf } from '../page';

export const RECORDING_STATES = [
  'requested',
  'starting',
  'recording',
  'paused',
  'stopping',
  'processing',
  'completed',
  'failed',
  'absent',
  'deleted',
] as const;

/** `per_participant`: of a conference, with a track for each participant. */
export const RECORDING_CHANNELS = ['mono', 'dual', 'per_participant'] as const;

/** `rec_` and a UUID of version 7 (RFC 9562 §5.7). */
export const RECORDING_ID = /^rec_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const time = z.iso.datetime({ precision: 3 });

/** Why there is no file; the codes are those of docs/errors.md. */
export const failureSchema = z.strictObject({ code: z.string(), detail: z.string() });

export const recordingSchema = z
  .strictObject({
    id: z.string().regex(RECORDING_ID),
    call_id: z.string().optional(),
    conference_id: z.string().optional().meta({ description: 'Instead of call_id.' }),
    state: z.enum(RECORDING_STATES),
    channels: z.enum(RECORDING_CHANNELS),
    tracks: z
      .array(z.string())
      .optional()
      .meta({ description: 'Of one `per_participant`, which has no media of its own: its recordings.' }),
    parent_id: z.string().optional().meta({ description: 'Of a track: the recording that it belongs to.' }),
    participant_id: z.string().optional().meta({ description: 'Of a track: who is recorded.' }),
    leg: z.enum(['caller', 'callee']).optional().meta({ description: 'The one party that is recorded.' }),
    pause: z
      .strictObject({ mode: z.enum(['silence', 'skip']), reason: z.string().optional() })
      .optional()
      .meta({ description: 'How it is paused.' }),
    created_at: time,
    started_at: time.optional(),
    ended_at: time.optional(),
    duration_ms: z.int().min(0).optional(),
    size_bytes: z.int().min(0).optional(),
    media_url: z.string().optional().meta({ description: 'Where the WAV is, once completed.' }),
    error: failureSchema.optional(),
  })
  .meta({
    description:
      'A recording of a call or conference; `absent` is one that the media server no longer knows of.',
  });

export const recordingPageSchema = pageOf(recordingSchema);
