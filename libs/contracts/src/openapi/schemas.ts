import { z } from 'zod';
import { callPageSchema, callSchema, createCallSchema } from '../calls/call';
import { problemSchema } from '../errors/problem';
import { EVENT_TYPES } from '../events/event-data';
import { eventPageSchema, eventSchema, eventSchemaOf } from '../events/event';
import { livenessSchema, readinessSchema } from '../health/health';
import { recordingOptions } from '../recordings/recording-options';
import { recordingPageSchema, recordingSchema } from '../recordings/recording';
import { registrationPageSchema, registrationSchema } from '../registrations/registration';

/** What clients send, by component name. */
export const REQUEST_SCHEMAS = { CreateCall: createCallSchema, RecordingOptions: recordingOptions } as const;

/** What they get. */
export const RESPONSE_SCHEMAS = {
  Call: callSchema,
  CallPage: callPageSchema,
  Recording: recordingSchema,
  RecordingPage: recordingPageSchema,
  Registration: registrationSchema,
  RegistrationPage: registrationPageSchema,
  Event: eventSchema,
  EventPage: eventPageSchema,
  Problem: problemSchema,
  Liveness: livenessSchema,
  Readiness: readinessSchema,
} as const;

export type RequestName = keyof typeof REQUEST_SCHEMAS;
export type ResponseName = keyof typeof RESPONSE_SCHEMAS;

type JsonSchema = Record<string, unknown>;

function componentsOf(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, schema]) => [
      id,
      component(schema as JsonSchema, schemas[id]?.description),
    ]),
  );
}

/** Without what only a free-standing document needs. */
function component(schema: JsonSchema, description: string | undefined): JsonSchema {
  const members = Object.entries(schema).filter(([name]) => !['$schema', '$id', 'id'].includes(name));
  return { ...(description === undefined ? {} : { description }), ...Object.fromEntries(members) };
}

const eventName = (type: string) =>
  `${type.replace(/(?:^|[._])([a-z])/g, (_match, letter: string) => letter.toUpperCase())}Event`;

/** Every schema of the interface as JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
export function componentSchemas(): Record<string, JsonSchema> {
  const events = Object.fromEntries(EVENT_TYPES.map((type) => [eventName(type), eventSchemaOf(type)]));
  return {
    ...componentsOf(REQUEST_SCHEMAS, 'input'),
    ...componentsOf({ ...RESPONSE_SCHEMAS, ...events }, 'output'),
  };
}
