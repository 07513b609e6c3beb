import { z } from 'zod';
import { SCOPES } from '../openapi/scopes';
import { pageOf } from '../page';
import { freeText } from '../text/free-text';

/** `key_` and a UUID of version 7 (RFC 9562 §5.7). */
export const API_KEY_ID = /^key_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const MAX_NAME_CHARACTERS = 100;
const MAX_SCOPES = 50;
const MAX_EXPIRY_S = 10 * 366 * 86_400;

const time = z.iso.datetime({ precision: 3 });

/** A list of scopes, such as `calls:read`. */
export const scopeList = z
  .array(
    z
      .string()
      .max(64)
      .refine((scope) => SCOPES.includes(scope), 'expected a scope of docs/rest.md'),
  )
  .min(1)
  .max(MAX_SCOPES);

export const keyName = freeText(MAX_NAME_CHARACTERS).min(1);

/** The body of POST /v1/api-keys. */
export const createApiKeySchema = z
  .strictObject({
    name: keyName.meta({ description: 'For people.' }),
    scopes: scopeList,
    expires_in_s: z.int().min(1).max(MAX_EXPIRY_S).optional(),
  })
  .meta({ description: 'A key that is to be made.' });
export type CreateApiKey = z.infer<typeof createApiKeySchema>;

const apiKey = {
  id: z.string().regex(API_KEY_ID),
  name: z.string(),
  scopes: z.array(z.string()),
  created_at: time,
  expires_at: time.optional(),
};

export const apiKeySchema = z.strictObject(apiKey).meta({ description: 'An API key; its text is not kept.' });
export type ApiKeyDocument = z.infer<typeof apiKeySchema>;
export const apiKeyPageSchema = pageOf(apiKeySchema);

export const apiKeyWithTextSchema = z
  .strictObject({
    ...apiKey,
    key: z.string().optional().meta({ description: 'Shown once: a replayed answer is without it.' }),
  })
  .meta({ description: 'A new API key with its text.' });
