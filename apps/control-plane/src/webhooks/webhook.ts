import type { WebhookDocument } from '@legato/contracts';

interface StoredSecret {
  /** As SecretSeal makes it. */
  readonly sealed: string;
  /** Milliseconds since the Unix epoch, as all times here. */
  readonly createdAt: number;
  /** Not there for the newest. */
  readonly expiresAt?: number;
}

/** A receiver of events as it is stored. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly description?: string;
  readonly state: 'active' | 'disabled';
  readonly disabledReason?: 'operator' | 'gone';
  /** Newest first. */
  readonly secrets: readonly StoredSecret[];
  readonly createdAt: number;
  /** Where the log is read from as long as nothing was delivered. */
  readonly startCursor: string;
}

/** The secrets that deliveries are signed with at a time. */
export const validSecrets = (webhook: Webhook, now: number): StoredSecret[] =>
  webhook.secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);

const iso = (ms: number): string => new Date(ms).toISOString();

/** A webhook as clients see it: without secrets. */
export function webhookDocument(webhook: Webhook, now: number): WebhookDocument {
  const { id, url, events, description, state, disabledReason, createdAt } = webhook;
  return {
    id,
    url,
    events: [...events],
    ...(description === undefined ? {} : { description }),
    state,
    ...(disabledReason === undefined ? {} : { disabled_reason: disabledReason }),
    secrets: validSecrets(webhook, now).map((secret) => ({
      created_at: iso(secret.createdAt),
      ...(secret.expiresAt === undefined ? {} : { expires_at: iso(secret.expiresAt) }),
    })),
    created_at: iso(createdAt),
  };
}
