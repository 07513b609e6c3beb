import { flowJsonSchema } from './flow-document';

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
    const types = JSON.stringify(schema).match(/"const":"[a-z]+"/g);
    expect([...new Set(types)]).toEqual(
      ['play', 'say', 'gather', 'branch', 'set', 'record', 'dial', 'conference', 'webhook', 'hangup'].map(
        (type) => `"const":"${type}"`,
      ),
    );
  });
});
