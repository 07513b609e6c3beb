import { z } from 'zod';

/** What is recorded: `mono` mixes the parties, `dual` keeps the caller left and the callee right. */
export const recordingOptions = z
  .strictObject({
    channels: z.enum(['mono', 'dual']).default('mono'),
    max_s: z.int().min(1).max(86_400).optional().meta({ description: 'The recording ends by itself then.' }),
  })
  .meta({ description: 'How to record.' });
export type RecordingOptions = z.infer<typeof recordingOptions>;
