import {
  createWebhookSchema,
  DELIVERY_ID,
  listDeliveriesSchema,
  rotateSecretSchema,
  updateWebhookSchema,
  WEBHOOK_ID,
} from '@legato/contracts';
import type {
  CreateWebhook,
  DeliveryDocument,
  ListDeliveries,
  RotateSecret,
  UpdateWebhook,
} from '@legato/contracts';
import type { Clock } from '@legato/kernel';
import type { AddressPolicy } from '@legato/outbound-http';
import { outboundUrl } from '@legato/outbound-http';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { IdPipe } from '../http/id.pipe';
import { ProblemException } from '../http/problem.exception';
import { showOnce } from '../http/show-once';
import { ZodPipe } from '../http/zod.pipe';
import { CLOCK, OUTBOUND_POLICY } from '../tokens';
import { deliveryDocument } from './delivery-document';
import type { Webhook } from './webhook';
import { webhookDocument } from './webhook';
import type { NewSecret } from './webhooks';
import { Webhooks } from './webhooks';

const webhookId = new IdPipe(WEBHOOK_ID, 'webhook_not_found');
const deliveryId = new IdPipe(DELIVERY_ID, 'delivery_not_found');
const empty = new ZodPipe(z.strictObject({}), 'body');

/** Resource `webhooks`: receivers of events and what was delivered to them. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: Webhooks,
    @Inject(OUTBOUND_POLICY) private readonly policy: AddressPolicy,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  async create(
    @Body(new ZodPipe(createWebhookSchema, 'body')) body: CreateWebhook,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    this.checkUrl(body.url);
    const created = await this.webhooks.create(body);
    if (!created) throw new ProblemException('limit_reached');
    response.setHeader('Location', `/v1/webhooks/${created.webhook.id}`);
    return this.withSecret(response, created);
  }

  @Get()
  async list(): Promise<object> {
    const data = (await this.webhooks.list()).map((webhook) => this.document(webhook));
    return { data, next_cursor: null, has_more: false };
  }

  @Get(':id')
  async read(@Param('id', webhookId) id: string): Promise<object> {
    return this.document(await this.found(id));
  }

  @Patch(':id')
  async update(
    @Param('id', webhookId) id: string,
    @Body(new ZodPipe(updateWebhookSchema, 'body')) body: UpdateWebhook,
  ): Promise<object> {
    if (body.url !== undefined) this.checkUrl(body.url);
    return this.document(known(await this.webhooks.update(id, body)));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id', webhookId) id: string): Promise<void> {
    if (!(await this.webhooks.remove(id))) throw new ProblemException('webhook_not_found');
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  async rotateSecret(
    @Param('id', webhookId) id: string,
    @Body(new ZodPipe(rotateSecretSchema, 'body')) body: RotateSecret,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    return this.withSecret(response, known(await this.webhooks.rotateSecret(id, body.grace_s * 1000)));
  }

  @Post(':id/test')
  @HttpCode(202)
  async test(@Param('id', webhookId) id: string, @Body(empty) _body: object): Promise<DeliveryDocument> {
    this.expectActive(await this.found(id));
    return deliveryDocument(id, await this.webhooks.test(id));
  }

  @Get(':id/deliveries')
  async deliveries(
    @Param('id', webhookId) id: string,
    @Query(new ZodPipe(listDeliveriesSchema, 'query')) { limit, cursor, state }: ListDeliveries,
  ): Promise<object> {
    await this.found(id);
    const all = (await this.webhooks.deliveries(id)).filter(
      (one) => state === undefined || one.state === state,
    );
    // One that is no longer kept leads to the end.
    const from = cursor === undefined ? 0 : all.findIndex((one) => one.id === cursor) + 1 || all.length;
    const page = all.slice(from, from + limit);
    const more = all.length > from + page.length;
    const data = page.map((one) => deliveryDocument(id, one));
    return { data, next_cursor: more ? page.at(-1)?.id : null, has_more: more };
  }

  @Post(':id/deliveries/:delivery/redeliver')
  @HttpCode(202)
  async redeliver(
    @Param('id', webhookId) id: string,
    @Param('delivery', deliveryId) delivery: string,
    @Body(empty) _body: object,
  ): Promise<DeliveryDocument> {
    this.expectActive(await this.found(id));
    const queued = await this.webhooks.redeliver(id, delivery);
    if (!queued) throw new ProblemException('delivery_not_found');
    return deliveryDocument(id, queued);
  }

  private async found(id: string): Promise<Webhook> {
    return known(await this.webhooks.find(id));
  }

  private expectActive({ state }: Webhook): void {
    if (state !== 'active') throw new ProblemException('webhook_disabled');
  }

  private document(webhook: Webhook): object {
    return webhookDocument(webhook, this.clock.wallTime());
  }

  private withSecret(response: Response, { webhook, secret }: NewSecret): object {
    showOnce(response, 'secret');
    return { ...this.document(webhook), secret };
  }

  /** Addresses behind a name are checked at each connection; what is certain by now is said by now. */
  private checkUrl(url: string): void {
    const checked = outboundUrl(url, this.policy);
    if (!checked.ok) throw ProblemException.invalidFields([{ pointer: '/url', detail: checked.error }]);
  }
}

function known<T>(found: T | undefined): T {
  if (found === undefined) throw new ProblemException('webhook_not_found');
  return found;
}
