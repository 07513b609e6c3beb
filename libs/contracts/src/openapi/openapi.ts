import { z } from 'zod';
import { ERROR_CATALOGUE } from '../errors/catalogue';
import type { ErrorCode } from '../errors/catalogue';
import { PROBLEM_CONTENT_TYPE } from '../errors/problem';
import { OPERATIONS } from './operations';
import type { Operation, OperationResponse } from './operation';
import { scopeOf } from './scopes';
import { componentSchemas } from './schemas';

type Json = Record<string, unknown>;

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly paths: Record<string, Record<string, Json>>;
  readonly components: Json;
  readonly [member: string]: unknown;
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

const HEADER_DESCRIPTIONS: Readonly<Record<string, string>> = {
  'Idempotency-Key': 'Your name for this command, 255 characters at most.',
  Range: 'One range of bytes (RFC 9110 §14.2).',
  'If-Range': 'The ETag that the range belongs to.',
  'Last-Event-ID': 'The id of the last event that was seen: the stream goes on after it.',
};

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (!query) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

const headerParameters = (headers: readonly string[]): Json[] =>
  headers.map((name) => ({
    name,
    in: 'header',
    required: false,
    description: HEADER_DESCRIPTIONS[name],
    schema: { type: 'string' },
  }));

function response({ description, schema, media }: OperationResponse): Json {
  if (schema) return { description, content: { 'application/json': { schema: reference(schema) } } };
  if (media === undefined) return { description };
  const body = media === 'application/json' ? { type: 'object' } : { type: 'string' };
  return { description, content: { [media]: { schema: body } } };
}

/** Problems that share a status share a response that names their codes. */
function problemResponses(codes: readonly ErrorCode[]): Record<string, Json> {
  const texts = new Map<number, string[]>();
  for (const code of codes) {
    const { http, text } = ERROR_CATALOGUE[code];
    texts.set(http, [...(texts.get(http) ?? []), `\`${code}\`: ${text}`]);
  }
  const content = { [PROBLEM_CONTENT_TYPE]: { schema: reference('Problem') } };
  return Object.fromEntries(
    [...texts].map(([status, lines]) => [status, { description: lines.join('\n\n'), content }]),
  );
}

/** Whoever is asked for a key may have the wrong one, or use it too much. */
const problemsOf = (operation: Operation): readonly ErrorCode[] =>
  operation.open ? operation.problems : [...operation.problems, 'forbidden', 'rate_limited'];

function describe(operation: Operation): Json {
  const parameters = [
    ...pathParameters(operation.path),
    ...queryParameters(operation.query),
    ...headerParameters(operation.headers ?? []),
  ];
  const scope = scopeOf(operation);
  const responses = Object.entries(operation.responses).map(
    ([status, value]) => [status, response(value)] as const,
  );
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.body
      ? {
          requestBody: {
            required: !operation.bodyOptional,
            content: { 'application/json': { schema: reference(operation.body) } },
          },
        }
      : {}),
    ...(operation.open ? { security: [] } : {}),
    ...(scope === undefined ? {} : { 'x-scope': scope }),
    responses: { ...Object.fromEntries(responses), ...problemResponses(problemsOf(operation)) },
  };
}

/** The OpenAPI 3.1 document of the interface; `version` is the product's. */
export function openApiDocument(version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Legato',
      version,
      summary: 'Control plane for media servers that speak MSML',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'Asked for when LEGATO_API_KEYS is set.' },
      },
    },
  };
}
