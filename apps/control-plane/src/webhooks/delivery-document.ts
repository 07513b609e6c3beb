import type { DeliveryDocument } from '@legato/contracts';
import type { DeliveryAttempt, QueuedDelivery } from './delivery-queue';

const attemptDocument = ({ at, durationMs, status, error }: DeliveryAttempt) => ({
  at: new Date(at).toISOString(),
  duration_ms: durationMs,
  ...(status === undefined ? {} : { status }),
  ...(error === undefined ? {} : { error }),
});

/** A delivery as clients see it; the event itself is in the log. */
export function deliveryDocument(webhookId: string, delivery: QueuedDelivery): DeliveryDocument {
  const { id, event, state, attempts, lastAttempt, redeliveryOf, createdAt } = delivery;
  return {
    id,
    webhook_id: webhookId,
    event_id: event.id,
    event_type: event.type,
    subject: event.subject,
    sequence: event.sequence,
    state,
    attempts,
    ...(lastAttempt && { last_attempt: attemptDocument(lastAttempt) }),
    ...(redeliveryOf === undefined ? {} : { redelivery_of: redeliveryOf }),
    created_at: new Date(createdAt).toISOString(),
  };
}
