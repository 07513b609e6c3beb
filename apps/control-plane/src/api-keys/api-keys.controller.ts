import { API_KEY_ID, createApiKeySchema } from '@legato/contracts';
import type { ApiKeyDocument, CreateApiKey } from '@legato/contracts';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { IdPipe } from '../http/id.pipe';
import { ProblemException } from '../http/problem.exception';
import { showOnce } from '../http/show-once';
import { ZodPipe } from '../http/zod.pipe';
import type { StoredApiKey } from './api-key-records';
import { ApiKeys } from './api-keys';

const keyId = new IdPipe(API_KEY_ID, 'api_key_not_found');

function apiKeyDocument({ id, name, scopes, createdAt, expiresAt }: StoredApiKey): ApiKeyDocument {
  return {
    id,
    name,
    scopes: [...scopes],
    created_at: new Date(createdAt).toISOString(),
    ...(expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() }),
  };
}

/** Resource `api-keys`. */
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Post()
  async create(
    @Body(new ZodPipe(createApiKeySchema, 'body')) body: CreateApiKey,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const created = await this.keys.create(body);
    if (!created) throw new ProblemException('limit_reached');
    response.setHeader('Location', `/v1/api-keys/${created.apiKey.id}`);
    showOnce(response, 'key');
    return { ...apiKeyDocument(created.apiKey), key: created.key };
  }

  @Get()
  async list(): Promise<object> {
    return { data: (await this.keys.list()).map(apiKeyDocument), next_cursor: null, has_more: false };
  }

  @Delete(':id')
  @HttpCode(204)
  async revoke(@Param('id', keyId) id: string): Promise<void> {
    if (!(await this.keys.revoke(id))) throw new ProblemException('api_key_not_found');
  }
}
