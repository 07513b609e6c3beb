import { z } from 'zod';
import { EVENT_TYPES } from '../events/event-data';
import { cursorText, pageLimit, pageOf } from '../page';
import { freeText } from '../text/free-text';

const UUID_V7 = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** `whk_` and a UUID of version 7 (RFC 9562 §5.7). */
export const WEBHOOK_ID = new RegExp(`^whk_${UUID_V7}$`);
/** `dlv_` and a UUID of version 7: that of the event, unless it is a redelivery. */
export const DELIVERY_ID = new RegExp(`^dlv_${UUID_V7}$`);

export const WEBHOOK_STATES = ['active', 'disabled'] as const;
export const DISABLED_REASONS = ['operator', 'gone'] as const;
export const DELIVERY_STATES = ['queued', 'sending', 'retrying', 'delivered', 'dead'] as const;

const time = z.iso.datetime({ precision: 3 });
const MAX_PATTERNS = 100;
const MAX_URL_CHARACTERS = 2048;
const MAX_DESCRIPTION_CHARACTERS = 200;
const MAX_GRACE_S = 7 * 86_400;
const USUAL_GRACE_S = 86_400;

const nouns = new Set(EVENT_TYPES.map((type) => type.slice(0, type.indexOf('.'))));

/** Whether a text selects events: a type, all types of a noun (`call.*`), or all (`*`). */
const isPattern = (text: string): boolean =>
  text === '*' ||
  EVENT_TYPES.some((type) => type === text) ||
  (text.endsWith('.*') && nouns.has(text.slice(0, -'.*'.length)));

const patterns = z
  .array(z.string().max(64).refine(isPattern, 'expected a type of event, a noun such as call.*, or *'))
  .min(1)
  .max(MAX_PATTERNS)
  .meta({
    description: 'Which events: types, nouns such as `call.*`, or `*`.',
    examples: [['call.ended', 'recording.*']],
  });

const url = z
  .string()
  .max(MAX_URL_CHARACTERS)
  .meta({ description: 'https: or http:; a public address unless the operator allows others.' });

/** The body of POST /v1/webhooks. */
export const createWebhookSchema = z
  .strictObject({
    url,
    events: patterns.default(['*']),
    description: freeText(MAX_DESCRIPTION_CHARACTERS).optional(),
    cursor: cursorText
      .optional()
      .meta({ description: 'Deliver what came after this event. Without it: what is yet to come.' }),
  })
  .meta({ description: 'Where events are to be delivered.' });
export type CreateWebhook = z.infer<typeof createWebhookSchema>;

/** The body of PATCH /v1/webhooks/{id}. */
export const updateWebhookSchema = z
  .strictObject({
    url: url.optional(),
    events: patterns.optional(),
    description: freeText(MAX_DESCRIPTION_CHARACTERS).optional(),
    state: z
      .enum(WEBHOOK_STATES)
      .optional()
      .meta({ description: 'A disabled one goes on where it stood when it is active again.' }),
  })
  .meta({ description: 'What is to change of a webhook.' });
export type UpdateWebhook = z.infer<typeof updateWebhookSchema>;

/** The body of POST /v1/webhooks/{id}/rotate-secret. */
export const rotateSecretSchema = z
  .strictObject({
    grace_s: z
      .int()
      .min(0)
      .max(MAX_GRACE_S)
      .default(USUAL_GRACE_S)
      .meta({ description: 'How long deliveries are signed with the old secret too.' }),
  })
  .meta({ description: 'How to go over to a new secret.' });
export type RotateSecret = z.infer<typeof rotateSecretSchema>;

const webhook = {
  id: z.string().regex(WEBHOOK_ID),
  url: z.string(),
  events: z.array(z.string()),
  description: z.string().optional(),
  state: z.enum(WEBHOOK_STATES),
  disabled_reason: z
    .enum(DISABLED_REASONS)
    .optional()
    .meta({ description: '`gone`: the receiver answered 410.' }),
  secrets: z
    .array(z.strictObject({ created_at: time, expires_at: time.optional() }))
    .meta({ description: 'When the secrets were made that deliveries are signed with, newest first.' }),
  created_at: time,
};

export const webhookSchema = z.strictObject(webhook).meta({ description: 'A receiver of events.' });
export const webhookPageSchema = pageOf(webhookSchema);

/** The answer to what makes a secret: it is told here and never again. */
export const webhookWithSecretSchema = z
  .strictObject({
    ...webhook,
    secret: z.string().optional().meta({
      description:
        'Shown once: a replayed answer is without it. `whsec_` and base64, as Standard Webhooks has it.',
    }),
  })
  .meta({ description: 'A webhook with its new secret.' });
export type WebhookDocument = z.infer<typeof webhookSchema>;

const attempt = z.strictObject({
  at: time,
  duration_ms: z.int().min(0),
  status: z.int().optional().meta({ description: 'The HTTP status, when there was a response.' }),
  error: z.string().optional(),
});

export const deliverySchema = z
  .strictObject({
    id: z.string().regex(DELIVERY_ID),
    webhook_id: z.string(),
    event_id: z.string().meta({ description: 'Header `webhook-id`.' }),
    event_type: z.string(),
    subject: z.string(),
    sequence: z.int(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int().min(0),
    last_attempt: attempt.optional(),
    redelivery_of: z.string().optional(),
    created_at: time,
  })
  .meta({ description: 'One event on its way to one webhook; `dead` is one that was given up.' });
export type DeliveryDocument = z.infer<typeof deliverySchema>;

export const deliveryPageSchema = pageOf(deliverySchema);

/** The query of GET /v1/webhooks/{id}/deliveries. */
export const listDeliveriesSchema = z.strictObject({
  limit: pageLimit(100, 20),
  cursor: cursorText.optional(),
  state: z.enum(DELIVERY_STATES).optional(),
});
export type ListDeliveries = z.infer<typeof listDeliveriesSchema>;

/** Whether one of `events` selects a type. */
export const selects = (events: readonly string[], type: string): boolean =>
  events.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  );
