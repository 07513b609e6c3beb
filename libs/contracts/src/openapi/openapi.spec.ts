import { OPERATIONS } from './operations';
import { openApiDocument } from './openapi';

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === '$ref' ? [String(value)] : references(value),
  );
}

describe('the OpenAPI document', () => {
  const document = openApiDocument('1.2.3');
  const schemas = document.components['schemas'] as Record<string, Record<string, unknown>>;

  it('is OpenAPI 3.1 with the version of the product', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Legato', version: '1.2.3' });
  });

  it('has every operation with its own id', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map((o) => o['operationId']),
    );
    expect(ids.sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('resolves every reference', () => {
    const names = references(document);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(schemas).toHaveProperty([name.replace('#/components/schemas/', '')]);
  });

  it('takes an Idempotency-Key wherever something is changed, and nowhere else', () => {
    const taking = OPERATIONS.filter(({ headers }) => headers?.includes('Idempotency-Key'));
    expect(taking.map(({ id }) => id)).toEqual(
      OPERATIONS.filter(({ method }) => method !== 'get').map(({ id }) => id),
    );
    for (const { problems } of taking) {
      expect(problems).toEqual(
        expect.arrayContaining(['idempotency_in_progress', 'idempotency_key_reused', 'invalid_fields']),
      );
    }
  });

  it('carries the bounds of the validation', () => {
    expect(schemas['CreateCall']).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['from', 'to'],
      properties: {
        to: { minItems: 1, maxItems: 2, items: { maxLength: 256 } },
        mode: { default: 'anchored' },
      },
    });
    const list = document.paths['/v1/calls']?.['get']?.['parameters'] as Record<string, unknown>[];
    expect(list).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      }),
    );
  });

  it('has a component for each type of event', () => {
    expect(schemas['CallEndedEvent']).toMatchObject({ properties: { type: { const: 'call.ended' } } });
    expect(schemas).toHaveProperty('MediaServerDownEvent');
  });

  it('asks for a key everywhere but at the health checks', () => {
    expect(document.paths['/healthz']?.['get']).toMatchObject({ security: [] });
    expect(document.paths['/v1/calls']?.['post']).not.toHaveProperty('security');
  });
});
