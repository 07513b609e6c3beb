import type { z } from 'zod';
import type { ErrorCode } from '../errors/catalogue';
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
  readonly method: 'get' | 'put' | 'post' | 'patch' | 'delete';
  /** With `{id}` for what varies. */
  readonly path: string;
  readonly tag:
    | 'calls'
    | 'cdrs'
    | 'recordings'
    | 'plays'
    | 'collects'
    | 'conferences'
    | 'registrations'
    | 'flows'
    | 'webhooks'
    | 'api-keys'
    | 'media-servers'
    | 'events'
    | 'operation';
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

export const ok = (
  schema: ResponseName,
  description: string,
): Readonly<Record<number, OperationResponse>> => ({
  200: { schema, description },
});
export const accepted = (schema: ResponseName): Readonly<Record<number, OperationResponse>> => ({
  202: { schema, description: 'Under way: read the resource or its events for the outcome.' },
});
export const page = (schema: ResponseName) => ok(schema, 'A page.');
export const one = (schema: ResponseName) => ok(schema, 'The resource.');

export const READ = ['unauthorized', 'store_unavailable'] as const satisfies readonly ErrorCode[];
/** What can be wrong with an Idempotency-Key. */
export const OF_KEYS = [
  'invalid_fields',
  'idempotency_in_progress',
  'idempotency_key_reused',
] as const satisfies readonly ErrorCode[];
export const WRITE = [
  ...READ,
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  ...OF_KEYS,
] as const satisfies readonly ErrorCode[];
export const IDEMPOTENCY = ['Idempotency-Key'];
