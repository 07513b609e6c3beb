import { z } from 'zod';

const checkSchema = z.enum(['up', 'down']);

/** GET /healthz: the process runs. */
export const livenessSchema = z
  .strictObject({ status: z.literal('alive') })
  .meta({ description: 'The process runs.' });

/** GET /readyz: it can do its work. */
export const readinessSchema = z
  .strictObject({
    status: z.enum(['ready', 'not_ready']),
    checks: z.strictObject({ store: checkSchema, media_server: checkSchema, sip: checkSchema }),
  })
  .meta({
    description: 'Whether calls can be taken: the store answers, a media server answers, SIP is bound.',
  });
export type Readiness = z.infer<typeof readinessSchema>;
