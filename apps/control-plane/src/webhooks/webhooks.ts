import type { EventLog } from '@legato/b2bua';
import { EVENT_SOURCE } from '@legato/contracts';
import type { CreateWebhook, EventDocument, UpdateWebhook } from '@legato/contracts';
import type { Clock, IdSource } from '@legato/kernel';
import { currentCommand } from '@legato/kernel';
import { randomBytes } from 'node:crypto';
import type { Delivery, DeliveryQueues, QueuedDelivery } from './delivery-queue';
import type { SecretSeal } from './secret-seal';
import type { Webhook } from './webhook';
import type { WebhookRecords } from './webhook-records';

/** The length that Standard Webhooks recommends lies between 24 and 64 bytes. */
const SECRET_BYTES = 32;
/** Secrets of a webhook at once, so that rotations in a row can not fill a header. */
const MAX_SECRETS = 4;

export interface WebhooksOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly events: EventLog;
  readonly records: WebhookRecords;
  readonly seal: SecretSeal;
  readonly queues: DeliveryQueues;
  /** Has the changes take effect on this node at once; others see them within a second. */
  changed(): Promise<void>;
}

/** A webhook and the secret that was just made for it. */
export interface NewSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** What can be done with webhooks over REST. Methods may reject with StoreUnavailable. */
export class Webhooks {
  constructor(private readonly options: WebhooksOptions) {}

  list(): Promise<Webhook[]> {
    return this.options.records.list();
  }

  find(id: string): Promise<Webhook | undefined> {
    return this.options.records.find(id);
  }

  /** Undefined when there are as many webhooks as may be. */
  async create({ url, events, description, cursor }: CreateWebhook): Promise<NewSecret | undefined> {
    const { clock, records } = this.options;
    const id = `whk_${this.commandId()}`;
    const known = currentCommand() && (await records.find(id));
    if (known) return this.again(known);
    const { secret, stored } = this.newSecret();
    const webhook: Webhook = {
      id,
      url,
      events,
      ...(description === undefined ? {} : { description }),
      state: 'active',
      secrets: [stored],
      createdAt: clock.wallTime(),
      startCursor: cursor ?? (await this.options.events.last()),
    };
    if (!(await records.create(webhook))) return undefined;
    await this.options.changed();
    return { webhook, secret };
  }

  async update(id: string, { url, events, description, state }: UpdateWebhook): Promise<Webhook | undefined> {
    const changed = await this.options.records.update(id, (webhook) => ({
      ...webhook,
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events }),
      ...(description === undefined ? {} : { description }),
      ...(state === undefined ? {} : inState(webhook, state)),
    }));
    await this.options.changed();
    return changed;
  }

  /** The old secret is good for `graceMs` more. */
  async rotateSecret(id: string, graceMs: number): Promise<NewSecret | undefined> {
    const now = this.options.clock.wallTime();
    const { secret, stored } = this.newSecret();
    const webhook = await this.options.records.update(id, (known) => {
      const old = known.secrets.map((one) => ({
        ...one,
        expiresAt: Math.min(one.expiresAt ?? Infinity, now + graceMs),
      }));
      const valid = old.filter(({ expiresAt }) => expiresAt > now);
      return { ...known, secrets: [stored, ...valid].slice(0, MAX_SECRETS) };
    });
    await this.options.changed();
    return webhook && { webhook, secret };
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.options.records.remove(id);
    await this.options.changed();
    if (removed) await this.options.queues.clear(id);
    return removed;
  }

  /** Queues an event of type webhook.test, which no other webhook hears of. */
  async test(id: string): Promise<QueuedDelivery> {
    const { clock } = this.options;
    const uuid = this.commandId();
    const now = clock.wallTime();
    const event: EventDocument = {
      specversion: '1.0',
      id: `evt_${uuid}`,
      source: EVENT_SOURCE,
      type: 'webhook.test',
      subject: id,
      time: new Date(now).toISOString(),
      datacontenttype: 'application/json',
      sequence: 1,
      cursor: '',
      data: { webhook_id: id },
    };
    return this.queue(id, { id: `dlv_${uuid}`, event, createdAt: now });
  }

  /** Newest first, of those that are kept. */
  deliveries(id: string): Promise<QueuedDelivery[]> {
    return this.options.queues.of(id).list();
  }

  /** Queues the event of a delivery again, under the same event id. */
  async redeliver(id: string, deliveryId: string): Promise<QueuedDelivery | undefined> {
    const known = await this.options.queues.of(id).find(deliveryId);
    if (!known) return undefined;
    const { clock } = this.options;
    return this.queue(id, {
      id: `dlv_${this.commandId()}`,
      event: known.event,
      createdAt: clock.wallTime(),
      redeliveryOf: known.redeliveryOf ?? known.id,
    });
  }

  private async queue(id: string, delivery: Delivery): Promise<QueuedDelivery> {
    await this.options.queues.of(id).add(delivery);
    return { ...delivery, state: 'queued', attempts: 0 };
  }

  /** A command that comes again after a crash makes the same thing again, not a second one. */
  private commandId(): string {
    return currentCommand()?.id ?? this.options.ids.uuidv7();
  }

  private again(webhook: Webhook): NewSecret {
    const [newest] = webhook.secrets;
    return { webhook, secret: (newest && this.options.seal.open(newest.sealed)) ?? '' };
  }

  private newSecret() {
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    return {
      secret,
      stored: { sealed: this.options.seal.close(secret), createdAt: this.options.clock.wallTime() },
    };
  }
}

const inState = (webhook: Webhook, state: Webhook['state']): Partial<Webhook> => ({
  state,
  disabledReason: state === 'disabled' ? (webhook.disabledReason ?? 'operator') : undefined,
});
