import type { DocumentStore, EventLog } from '@legato/b2bua';
import type { Clock, IdSource, Log } from '@legato/kernel';
import { AddressPolicy, OutboundHttp } from '@legato/outbound-http';
import type { NodeEvents } from '../events/node-events';
import { DeliveryLease } from './delivery-lease';
import { DeliveryQueues } from './delivery-queue';
import { MemoryDeliveryQueue } from './memory-delivery-queue';
import { SecretSeal } from './secret-seal';
import { WebhookDispatcher } from './webhook-dispatcher';
import { WebhookRecords } from './webhook-records';
import { WebhookSender } from './webhook-sender';
import { Webhooks } from './webhooks';
import type { WebhookConfig } from '../config/webhook-fields';

export interface WebhookPartsOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly config: WebhookConfig;
  readonly nodeId: string;
  /** Unset: deliveries are kept in memory, as the log is. */
  readonly redisUrl?: string;
  readonly documents: DocumentStore;
  readonly events: EventLog;
  readonly nodeEvents: Pick<NodeEvents, 'report'>;
  readonly userAgent: string;
}

/** What the control plane has for webhooks. */
export interface WebhookParts {
  readonly webhooks: Webhooks;
  readonly policy: AddressPolicy;
  readonly dispatcher: WebhookDispatcher;
  /** Stops deliveries and lets go of everything. */
  stop(): Promise<void>;
}

/** BullMQ is loaded where there is a Redis for it: it takes a sixth of the time of a start. */
async function queueMaker({ redisUrl, clock, log }: WebhookPartsOptions) {
  if (redisUrl === undefined) return () => new MemoryDeliveryQueue(clock);
  const { BullmqDeliveryQueue } = await import('./bullmq-delivery-queue.js');
  return (webhookId: string) => new BullmqDeliveryQueue({ url: redisUrl, webhookId, log });
}

/** Ties the parts of webhooks together; nothing is delivered before the dispatcher is started. */
export async function createWebhooks(options: WebhookPartsOptions): Promise<WebhookParts> {
  const { clock, ids, log, config, nodeId, documents, events, nodeEvents, userAgent } = options;
  const policy = new AddressPolicy(config);
  const http = new OutboundHttp({ policy, clock });
  const records = new WebhookRecords(documents, ids);
  const seal = new SecretSeal(config.secretKey);
  const queues = new DeliveryQueues(await queueMaker(options));
  const sender = new WebhookSender({ http, seal, clock, maxAttempts: config.attempts, userAgent });
  const lease = new DeliveryLease({ store: documents, clock, ids, nodeId });
  const gone = async (id: string): Promise<void> => {
    let wasActive = false;
    await records.update(id, (webhook) => {
      wasActive = webhook.state === 'active';
      return wasActive ? { ...webhook, state: 'disabled', disabledReason: 'gone' } : webhook;
    });
    // Several requests may have been under way.
    if (!wasActive) return;
    await nodeEvents.report('webhook.disabled', id, { webhook_id: id, reason: 'gone' });
    // Not waited for: it waits for the delivery that this is said of.
    void dispatcher.refresh();
  };
  const dispatcher = new WebhookDispatcher({ clock, log, events, records, lease, queues, sender, gone });
  const changed = () => dispatcher.refresh();
  const webhooks = new Webhooks({ clock, ids, events, records, seal, queues, changed });
  const stop = async (): Promise<void> => {
    await dispatcher.stop();
    await queues.close();
    http.close();
  };
  return { webhooks, policy, dispatcher, stop };
}
