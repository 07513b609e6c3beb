import { z } from 'zod';
import { freeText } from '../text/free-text';

const MOST_SILENCE_S = 3600;

/** What is recorded: `mono` mixes the parties, `dual` keeps the caller left and the callee right. */
export const recordingOptions = z
  .strictObject({
    channels: z.enum(['mono', 'dual']).default('mono'),
    leg: z.enum(['caller', 'callee']).optional().meta({
      description: 'Records what this party says, alone; one recording for each makes one track for each.',
    }),
    format: z.enum(['wav']).default('wav'),
    sample_rate_hz: z
      .union([z.literal(8000), z.literal(16_000), z.literal(48_000)])
      .optional()
      .meta({ description: 'As the media server has it when absent.' }),
    max_s: z.int().min(1).max(86_400).optional().meta({ description: 'The recording ends by itself then.' }),
    max_silence_s: z
      .int()
      .min(1)
      .max(MOST_SILENCE_S)
      .optional()
      .meta({ description: 'It ends after so much silence that follows speech.' }),
    max_initial_silence_s: z
      .int()
      .min(1)
      .max(MOST_SILENCE_S)
      .optional()
      .meta({ description: 'It fails when nobody says anything for so long at its begin.' }),
    beep: z.boolean().default(false).meta({ description: 'The parties hear a tone when it begins.' }),
    trim: z
      .boolean()
      .default(false)
      .meta({ description: 'Silence at the end is left out when it is stopped.' }),
  })
  .refine(({ channels, leg }) => leg === undefined || channels === 'mono', {
    path: ['channels'],
    message: 'expected mono when one leg is recorded',
  })
  .meta({ description: 'How to record.' });
export type RecordingOptions = z.infer<typeof recordingOptions>;

/** The body of POST /v1/recordings/{id}/pause. */
export const pauseRecordingSchema = z
  .strictObject({
    mode: z
      .enum(['silence', 'skip'])
      .default('silence')
      .meta({ description: 'Silence of the same length, or nothing at all, in the place of what is said.' }),
    reason: freeText(64).optional().meta({ description: 'Yours: told in events.' }),
  })
  .meta({ description: 'How a recording is paused.' });
export type PauseRecording = z.infer<typeof pauseRecordingSchema>;
