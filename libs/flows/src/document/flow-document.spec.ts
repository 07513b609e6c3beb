import { flowJsonSchema } from './flow-document';
import { answerJsonSchema } from './webhook-answer';

/** The types of steps that a schema knows, in its order. */
const typesIn = (schema: object): string[] => [
  ...new Set([...JSON.stringify(schema).matchAll(/"const":"([a-z]+)"/g)].map(([, type]) => type ?? '')),
];

const TYPES = [
  'play',
  'say',
  'gather',
  'branch',
  'set',
  'record',
  'dial',
  'conference',
  'webhook',
  'redirect',
  'flow',
  'reject',
  'hangup',
];

describe('the JSON Schema of flows', () => {
  const schema = flowJsonSchema();

  it('is of the draft that OpenAPI 3.1 takes, and has a name', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:legato:schema:flow',
      type: 'object',
      additionalProperties: false,
      required: ['name', 'start', 'steps'],
    });
  });

  it('tells the types of steps apart', () => {
    expect(typesIn(schema)).toEqual(TYPES);
  });
});

describe('the JSON Schema of what applications answer', () => {
  const schema = answerJsonSchema() as { oneOf: [{ items: { oneOf: object[] } }, object] };

  it('is of the draft that OpenAPI 3.1 takes, and has a name', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:legato:schema:flow-answer',
      oneOf: [
        { type: 'array', maxItems: 32 },
        { type: 'object', additionalProperties: false, properties: { variables: {}, next: {}, steps: {} } },
      ],
    });
  });

  it('knows every step but the one that asks the application, each with a name of its own', () => {
    expect(typesIn(schema)).toEqual(TYPES.filter((type) => type !== 'webhook'));
    const [{ items }] = schema.oneOf;
    for (const step of items.oneOf) {
      expect(step).toMatchObject({ additionalProperties: false, properties: { id: { type: 'string' } } });
    }
  });
});
