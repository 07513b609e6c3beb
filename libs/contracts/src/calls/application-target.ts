import { z } from 'zod';

const APPLICATION_KINDS = ['flow', 'conference', 'webhook', 'application'] as const;

/** The name of a flow, a conference or a webhook, as routes and commands say it. */
export const applicationName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected a name of 1 to 64 letters, digits, dots, dashes, underscores');

export const applicationTargetSchema = z
  .strictObject({ kind: z.enum(APPLICATION_KINDS), name: z.string() })
  .meta({ description: 'What has a call of one party in hand.' });
