import type { Operation } from '../openapi/operation';
import { IDEMPOTENCY, ok, one, page, WRITE } from '../openapi/operation';

/** Resource `media-servers`. */
export const MEDIA_SERVER_OPERATIONS: readonly Operation[] = [
  {
    id: 'listMediaServers',
    method: 'get',
    path: '/v1/media-servers',
    tag: 'media-servers',
    summary: 'Lists the media servers of this node, in the order of its configuration',
    responses: page('MediaServerPage'),
    problems: ['unauthorized'],
  },
  {
    id: 'getMediaServer',
    method: 'get',
    path: '/v1/media-servers/{id}',
    tag: 'media-servers',
    summary: 'Reads a media server',
    responses: one('MediaServer'),
    problems: ['unauthorized', 'media_server_not_found'],
  },
  {
    id: 'drainMediaServer',
    method: 'post',
    path: '/v1/media-servers/{id}/drain',
    tag: 'media-servers',
    summary: 'Gives a media server no new work, from any node; what it has goes on',
    headers: IDEMPOTENCY,
    responses: ok('MediaServer', 'It drains, or is down.'),
    problems: [...WRITE, 'media_server_not_found'],
  },
  {
    id: 'undrainMediaServer',
    method: 'post',
    path: '/v1/media-servers/{id}/undrain',
    tag: 'media-servers',
    summary: 'Gives a media server new work again',
    headers: IDEMPOTENCY,
    responses: ok('MediaServer', 'It is up, or down.'),
    problems: [...WRITE, 'media_server_not_found'],
  },
  {
    id: 'auditMediaServer',
    method: 'get',
    path: '/v1/media-servers/{id}/audit',
    tag: 'media-servers',
    summary: 'Asks a media server which conferences, connections and dialogs it has (RFC 5707 §10)',
    responses: ok('MediaServerAudit', 'What it answered.'),
    problems: ['unauthorized', 'media_server_not_found', 'media_server_refused', 'media_server_silent'],
  },
];
