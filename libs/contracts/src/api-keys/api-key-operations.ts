import type { Operation } from '../openapi/operation';
import { IDEMPOTENCY, page, READ, WRITE } from '../openapi/operation';

/** Resource `api-keys`. */
export const API_KEY_OPERATIONS: readonly Operation[] = [
  {
    id: 'createApiKey',
    method: 'post',
    path: '/v1/api-keys',
    tag: 'api-keys',
    summary: 'Makes an API key; the answer is the only one that shows it',
    body: 'CreateApiKey',
    headers: IDEMPOTENCY,
    responses: { 201: { schema: 'ApiKeyWithText', description: 'The key.' } },
    problems: [...WRITE, 'limit_reached'],
  },
  {
    id: 'listApiKeys',
    method: 'get',
    path: '/v1/api-keys',
    tag: 'api-keys',
    summary: 'Lists the API keys that were made over REST',
    responses: page('ApiKeyPage'),
    problems: READ,
  },
  {
    id: 'revokeApiKey',
    method: 'delete',
    path: '/v1/api-keys/{id}',
    tag: 'api-keys',
    summary: 'Revokes an API key; other nodes refuse it within a second',
    responses: { 204: { description: 'It opens nothing any more.' } },
    problems: [...READ, 'api_key_not_found'],
  },
];
