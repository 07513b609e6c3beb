import type { DocumentStore, StoredDocument } from '@legato/b2bua';
import type { IdSource } from '@legato/kernel';
import type { Webhook } from './webhook';

const WEBHOOKS = 'webhooks';
const CURSORS = 'webhook-cursors';
/** Webhooks of one store at most. */
const MAX_WEBHOOKS = 100;
const TRIES = 5;

const webhookOf = (document: StoredDocument): Webhook => document.content as unknown as Webhook;

/** Webhooks and how far each has come, in the store that all nodes share. Methods may reject with StoreUnavailable. */
export class WebhookRecords {
  constructor(
    private readonly store: DocumentStore,
    private readonly ids: IdSource,
  ) {}

  async list(): Promise<Webhook[]> {
    return (await this.store.list(WEBHOOKS)).map(webhookOf);
  }

  async find(id: string): Promise<Webhook | undefined> {
    const document = await this.store.read(WEBHOOKS, id);
    return document && webhookOf(document);
  }

  /** False when there are as many as may be. */
  async create(webhook: Webhook): Promise<boolean> {
    if ((await this.store.list(WEBHOOKS)).length >= MAX_WEBHOOKS) return false;
    const outcome = await this.store.write(WEBHOOKS, this.change(webhook, 0));
    return outcome.status === 'stored';
  }

  /** Applies `change` to the webhook as it stands, again when somebody was faster. */
  async update(id: string, change: (webhook: Webhook) => Webhook): Promise<Webhook | undefined> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const document = await this.store.read(WEBHOOKS, id);
      if (!document) return undefined;
      const changed = change(webhookOf(document));
      const outcome = await this.store.write(WEBHOOKS, this.change(changed, document.version));
      if (outcome.status === 'stored') return changed;
    }
    throw new Error(`webhook ${id} changes too fast`);
  }

  async remove(id: string): Promise<boolean> {
    await this.store.remove(CURSORS, id);
    return this.store.remove(WEBHOOKS, id);
  }

  /** The event up to which everything is settled. */
  async cursor(id: string): Promise<string | undefined> {
    const document = await this.store.read(CURSORS, id);
    const cursor = document?.content['cursor'];
    return typeof cursor === 'string' ? cursor : undefined;
  }

  async keepCursor(id: string, cursor: string): Promise<void> {
    const version = (await this.store.read(CURSORS, id))?.version ?? 0;
    const opId = this.ids.token(8);
    // Who is faster is a newer reader: it knows better.
    await this.store.write(CURSORS, { id, expectedVersion: version, opId, content: { cursor } });
  }

  private change(webhook: Webhook, expectedVersion: number) {
    return {
      id: webhook.id,
      expectedVersion,
      opId: this.ids.token(8),
      content: webhook as unknown as Record<string, unknown>,
    };
  }
}
