import { isAllowEntry } from '@legato/outbound-http';
import { z } from 'zod';

const USUAL_ATTEMPTS = 20;
const MAX_ATTEMPTS = 100;
const MIN_KEY_CHARACTERS = 16;
const MAX_KEY_CHARACTERS = 256;

const attemptsField = z
  .string()
  .regex(/^\d{1,3}$/, 'expected a number from 1 to 100')
  .transform(Number)
  .refine((attempts) => attempts >= 1 && attempts <= MAX_ATTEMPTS, 'expected a number from 1 to 100');

const allowField = z.string().transform((text, context) => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (!entries.every(isAllowEntry)) {
    context.addIssue('expected a comma list of IP addresses, ranges such as 10.0.0.0/8, and host names');
  }
  return entries;
});

/** The variables of webhooks. */
export const webhookFields = {
  LEGATO_WEBHOOK_ALLOW_PRIVATE: z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .default('false'),
  LEGATO_WEBHOOK_ALLOW: allowField.default([]),
  LEGATO_WEBHOOK_ATTEMPTS: attemptsField.default(USUAL_ATTEMPTS),
  LEGATO_SECRET_KEY: z
    .string()
    .min(MIN_KEY_CHARACTERS, 'expected 16 to 256 characters')
    .max(MAX_KEY_CHARACTERS, 'expected 16 to 256 characters')
    .optional(),
};

export interface WebhookConfig {
  /** Any address may be delivered to. */
  readonly allowPrivate: boolean;
  /** Addresses, ranges and names that may be delivered to although they are not public. */
  readonly allow: readonly string[];
  /** Of one delivery, at most. */
  readonly attempts: number;
  /** Encrypts the secrets that are stored. */
  readonly secretKey?: string;
}

type Values = z.infer<z.ZodObject<typeof webhookFields>>;

export const webhookConfig = (values: Values): WebhookConfig => ({
  allowPrivate: values.LEGATO_WEBHOOK_ALLOW_PRIVATE === 'true',
  allow: values.LEGATO_WEBHOOK_ALLOW,
  attempts: values.LEGATO_WEBHOOK_ATTEMPTS,
  ...(values.LEGATO_SECRET_KEY === undefined ? {} : { secretKey: values.LEGATO_SECRET_KEY }),
});
