import { CALL_OPERATIONS } from '../calls/call-operations';
import { CDR_OPERATIONS } from '../cdrs/cdr-operations';
import { CONFERENCE_OPERATIONS } from '../conferences/conference-operations';
import { API_KEY_OPERATIONS } from '../api-keys/api-key-operations';
import { listEventsSchema, streamEventsSchema } from '../events/event';
import { FLOW_OPERATIONS } from '../flows/flow-operations';
import { MEDIA_SERVER_OPERATIONS } from '../media-servers/media-server-operations';
import { listRegistrationsSchema, removeRegistrationSchema } from '../registrations/registration';
import { WEBHOOK_OPERATIONS } from '../webhooks/webhook-operations';
import { COLLECTS, PLAYS, RECORDINGS } from './media-operations';
import type { Operation } from './operation';
import { IDEMPOTENCY, OF_KEYS, READ, ok, one, page } from './operation';

const REGISTRATIONS: readonly Operation[] = [
  {
    id: 'listRegistrations',
    method: 'get',
    path: '/v1/registrations',
    tag: 'registrations',
    summary: 'Lists registered users, in the order of their addresses-of-record',
    query: listRegistrationsSchema,
    responses: page('RegistrationPage'),
    problems: [...READ, 'invalid_fields'],
  },
  {
    id: 'getRegistration',
    method: 'get',
    path: '/v1/registrations/{aor}',
    tag: 'registrations',
    summary: 'Reads the bindings of a registered user',
    responses: one('Registration'),
    problems: [...READ, 'registration_not_found'],
  },
  {
    id: 'removeRegistration',
    method: 'delete',
    path: '/v1/registrations/{aor}',
    tag: 'registrations',
    summary: 'Removes the bindings of a registered user, or one of them',
    query: removeRegistrationSchema,
    responses: { 204: { description: 'They are gone; the client may register again.' } },
    problems: [...READ, 'invalid_fields', 'registration_not_found'],
  },
];

const EVENTS: readonly Operation[] = [
  {
    id: 'listEvents',
    method: 'get',
    path: '/v1/events',
    tag: 'events',
    summary: 'Reads the event log on from a cursor',
    query: listEventsSchema,
    responses: page('EventPage'),
    problems: [...READ, 'invalid_fields'],
  },
  {
    id: 'streamEvents',
    method: 'get',
    path: '/v1/events/stream',
    tag: 'events',
    summary: 'The event log as server-sent events; the id of each is its cursor',
    query: streamEventsSchema,
    headers: ['Last-Event-ID'],
    responses: { 200: { description: 'Events until the client goes.', media: 'text/event-stream' } },
    problems: [...READ, 'invalid_fields'],
  },
];

const OPERATION: readonly Operation[] = [
  {
    id: 'getLiveness',
    method: 'get',
    path: '/healthz',
    tag: 'operation',
    summary: 'Whether the process runs',
    open: true,
    responses: ok('Liveness', 'It runs.'),
    problems: [],
  },
  {
    id: 'getReadiness',
    method: 'get',
    path: '/readyz',
    tag: 'operation',
    summary: 'Whether calls can be taken',
    open: true,
    responses: {
      200: { schema: 'Readiness', description: 'Yes.' },
      503: { schema: 'Readiness', description: 'No.' },
    },
    problems: [],
  },
  {
    id: 'getMetrics',
    method: 'get',
    path: '/metrics',
    tag: 'operation',
    summary: 'Metrics for Prometheus',
    responses: { 200: { description: 'Text exposition format.', media: 'text/plain' } },
    problems: ['unauthorized'],
  },
  {
    id: 'getOpenApi',
    method: 'get',
    path: '/v1/openapi.json',
    tag: 'operation',
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1.', media: 'application/json' } },
    problems: ['unauthorized'],
  },
  {
    id: 'getAsyncApi',
    method: 'get',
    path: '/v1/asyncapi.json',
    tag: 'operation',
    summary: 'The events of the stream and of webhooks',
    responses: { 200: { description: 'AsyncAPI 3.1.', media: 'application/json' } },
    problems: ['unauthorized'],
  },
];

/** Whatever changes something can be sent again under the same key. */
const commandsOnce = (operation: Operation): Operation =>
  operation.method === 'get'
    ? operation
    : {
        ...operation,
        headers: [...new Set([...(operation.headers ?? []), ...IDEMPOTENCY])],
        problems: [...new Set([...operation.problems, ...OF_KEYS])],
      };

const EVERY_OPERATION: readonly Operation[] = [
  ...CALL_OPERATIONS,
  ...CDR_OPERATIONS,
  ...RECORDINGS,
  ...PLAYS,
  ...COLLECTS,
  ...FLOW_OPERATIONS,
  ...CONFERENCE_OPERATIONS,
  ...REGISTRATIONS,
  ...EVENTS,
  ...WEBHOOK_OPERATIONS,
  ...API_KEY_OPERATIONS,
  ...MEDIA_SERVER_OPERATIONS,
  ...OPERATION,
];

export const OPERATIONS: readonly Operation[] = EVERY_OPERATION.map(commandsOnce);
