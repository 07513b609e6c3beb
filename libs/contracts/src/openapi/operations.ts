import type { z } from 'zod';
import { listCallsSchema } from '../calls/call';
import type { ErrorCode } from '../errors/catalogue';
import { listEventsSchema, streamEventsSchema } from '../events/event';
import { listRegistrationsSchema, removeRegistrationSchema } from '../registrations/registration';
import type { RequestName, ResponseName } from './schemas';

export interface OperationResponse {
  readonly description: string;
  /** Component of an application/json body. */
  readonly schema?: ResponseName;
  /** Media type of a body that is no JSON. */
  readonly media?: string;
}

/** One operation of the REST interface. The application's routes are compared with this table by a spec. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'delete';
  /** With `{id}` for what varies. */
  readonly path: string;
  readonly tag: 'calls' | 'recordings' | 'registrations' | 'events' | 'operation';
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: RequestName;
  /** Every field of the body has a default. */
  readonly bodyOptional?: true;
  /** An API key is never asked for. */
  readonly open?: true;
  readonly headers?: readonly string[];
  readonly responses: Readonly<Record<number, OperationResponse>>;
  readonly problems: readonly ErrorCode[];
}

const ok = (schema: ResponseName, description: string): Readonly<Record<number, OperationResponse>> => ({
  200: { schema, description },
});
const accepted = (schema: ResponseName): Readonly<Record<number, OperationResponse>> => ({
  202: { schema, description: 'Under way: read the resource or its events for the outcome.' },
});
const page = (schema: ResponseName) => ok(schema, 'A page.');
const one = (schema: ResponseName) => ok(schema, 'The resource.');

const READ = ['unauthorized', 'store_unavailable'] as const satisfies readonly ErrorCode[];
const WRITE = [
  ...READ,
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  'invalid_fields',
  'idempotency_in_progress',
  'idempotency_key_reused',
] as const satisfies readonly ErrorCode[];
const IDEMPOTENCY = ['Idempotency-Key'];

const CALLS: readonly Operation[] = [
  {
    id: 'createCall',
    method: 'post',
    path: '/v1/calls',
    tag: 'calls',
    summary: 'Rings one or two parties and bridges them',
    body: 'CreateCall',
    headers: IDEMPOTENCY,
    responses: accepted('Call'),
    problems: [...WRITE, 'party_not_registered', 'shutting_down'],
  },
  {
    id: 'listCalls',
    method: 'get',
    path: '/v1/calls',
    tag: 'calls',
    summary: 'Lists calls, newest first',
    query: listCallsSchema,
    responses: page('CallPage'),
    problems: [...READ, 'invalid_fields'],
  },
  {
    id: 'getCall',
    method: 'get',
    path: '/v1/calls/{id}',
    tag: 'calls',
    summary: 'Reads a call',
    responses: one('Call'),
    problems: [...READ, 'call_not_found'],
  },
  {
    id: 'hangUpCall',
    method: 'post',
    path: '/v1/calls/{id}/hangup',
    tag: 'calls',
    summary: 'Ends a call in any phase',
    headers: IDEMPOTENCY,
    responses: accepted('Call'),
    problems: [...WRITE, 'call_not_found', 'call_ended'],
  },
];

const RECORDINGS: readonly Operation[] = [
  {
    id: 'createRecording',
    method: 'post',
    path: '/v1/calls/{id}/recordings',
    tag: 'recordings',
    summary: 'Records a call; a direct call moves to the media server for it',
    body: 'RecordingOptions',
    bodyOptional: true,
    headers: IDEMPOTENCY,
    responses: accepted('Recording'),
    problems: [...WRITE, 'call_not_found', 'call_ended', 'call_not_connected'],
  },
  {
    id: 'listRecordings',
    method: 'get',
    path: '/v1/calls/{id}/recordings',
    tag: 'recordings',
    summary: 'Lists the recordings of a call, in the order they were asked for',
    responses: page('RecordingPage'),
    problems: [...READ, 'call_not_found'],
  },
  {
    id: 'getRecording',
    method: 'get',
    path: '/v1/recordings/{id}',
    tag: 'recordings',
    summary: 'Reads a recording',
    responses: one('Recording'),
    problems: [...READ, 'recording_not_found'],
  },
  {
    id: 'stopRecording',
    method: 'post',
    path: '/v1/recordings/{id}/stop',
    tag: 'recordings',
    summary: 'Stops a recording',
    headers: IDEMPOTENCY,
    responses: accepted('Recording'),
    problems: [...WRITE, 'recording_not_found'],
  },
  {
    id: 'getRecordingMedia',
    method: 'get',
    path: '/v1/recordings/{id}/media',
    tag: 'recordings',
    summary: 'Fetches the WAV of a completed recording, or a range of its bytes',
    headers: ['Range', 'If-Range'],
    responses: {
      200: { description: 'The file.', media: 'audio/wav' },
      206: { description: 'The range.', media: 'audio/wav' },
    },
    problems: [
      ...READ,
      'recording_not_found',
      'recording_not_completed',
      'media_not_found',
      'range_not_satisfiable',
    ],
  },
];

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
];

export const OPERATIONS: readonly Operation[] = [
  ...CALLS,
  ...RECORDINGS,
  ...REGISTRATIONS,
  ...EVENTS,
  ...OPERATION,
];
