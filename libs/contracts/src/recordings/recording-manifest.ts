import { z } from 'zod';
import { RECORDING_ID } from './recording';

const place = {
  at_ms: z.number().min(0).meta({ description: 'In the file.' }),
  duration_ms: z
    .number()
    .min(0)
    .meta({ description: 'In the world; a skipped pause has no length in the file.' }),
};

/** What a media server says of a finished file, for whoever has to prove it. */
export const recordingManifestSchema = z
  .strictObject({
    recording_id: z.string().regex(RECORDING_ID),
    call_id: z.string().optional(),
    conference_id: z.string().optional(),
    state: z.string(),
    started_at: z.string(),
    ended_at: z.string().optional(),
    sample_rate_hz: z.int().min(1),
    channels: z.int().min(1),
    samples: z.int().min(0).meta({ description: 'Of each channel.' }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'Of the WAV file.' }),
    gaps: z.array(z.strictObject(place)).meta({ description: 'Silence where the media server was held up.' }),
    pauses: z.array(
      z.strictObject({ ...place, mode: z.enum(['silence', 'skip']), note: z.string().optional() }),
    ),
  })
  .meta({ description: 'The manifest of a completed recording.' });
export type RecordingManifest = z.infer<typeof recordingManifestSchema>;
