import { z } from 'zod';
import { MAX_SOURCES } from './limits';
import { fitsItsKind, spokenFields } from './spoken-values';

const MAX_SILENCE_MS = 60_000;

const spoken = z
  .strictObject(spokenFields)
  .refine(fitsItsKind, { path: ['value'], message: 'is no value of this kind' });

/** Something that is heard: one of the sources that plays take, a spoken value may be a placeholder here. */
const promptSource = z.union([
  z.strictObject({
    file: z
      .string()
      .max(128)
      .regex(
        /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/,
        'expected a file name such as en/welcome.wav',
      ),
  }),
  z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(512) }),
  z.strictObject({ say: spoken }),
  z.strictObject({ silence_ms: z.int().min(20).max(MAX_SILENCE_MS) }),
]);
export type PromptSource = z.infer<typeof promptSource>;

export const promptSources = z.array(promptSource).min(1).max(MAX_SOURCES);
