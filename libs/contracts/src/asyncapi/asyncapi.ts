import { z } from 'zod';
import { EVENT_DATA, EVENT_TYPES } from '../events/event-data';
import type { EventType } from '../events/event-data';
import { eventSchemaOf } from '../events/event';
import { eventName } from '../openapi/schemas';

type Json = Record<string, unknown>;

/** An AsyncAPI 3 document. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.1.0';
  readonly info: Json;
  readonly channels: Record<string, Json>;
  readonly operations: Record<string, Json>;
  readonly components: { readonly messages: Record<string, Json>; readonly [member: string]: Json };
}

/** AsyncAPI's own schema object is a superset of JSON Schema draft 7. */
function payload(type: EventType): Json {
  const schema = z.toJSONSchema(eventSchemaOf(type), { target: 'draft-07', io: 'output' });
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
}

const message = (type: EventType): Json => ({
  name: type,
  title: type,
  summary: EVENT_DATA[type].description,
  contentType: 'application/json',
  payload: payload(type),
});

const reference = (pointer: string): Json => ({ $ref: `#/${pointer}` });

const allMessages = (): Json =>
  Object.fromEntries(
    EVENT_TYPES.map((type) => [eventName(type), reference(`components/messages/${eventName(type)}`)]),
  );

/** Of a delivery by webhook; the stream has none. */
const WEBHOOK_HEADERS: Json = {
  type: 'object',
  properties: {
    'webhook-id': {
      type: 'string',
      description: 'Id of the event: the same each time that it is delivered.',
    },
    'webhook-timestamp': { type: 'string', description: 'Seconds since the Unix epoch.' },
    'webhook-signature': {
      type: 'string',
      description: 'Signatures of Standard Webhooks (v1,<base64>), one for each secret that is valid.',
    },
  },
};

const operation = (channel: string, method: 'GET' | 'POST', summary: string): Json => ({
  action: 'send',
  channel: reference(`channels/${channel}`),
  summary,
  bindings: { http: { method, bindingVersion: '0.3.0' } },
});

/** The AsyncAPI 3 document of the event stream and the webhooks, made from the table of events; `version` is the product's. */
export function asyncApiDocument(version: string): AsyncApiDocument {
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Legato events',
      version,
      description: 'CloudEvents 1.0 documents from one durable log, by server-sent events or by webhook.',
      license: { name: 'Apache-2.0' },
    },
    channels: {
      stream: {
        address: '/v1/events/stream',
        title: 'Event stream',
        description: 'Server-sent events; the id of each is its cursor.',
        messages: allMessages(),
      },
      webhook: {
        address: null,
        title: 'Webhook',
        description: 'Requests to the URL of a webhook, signed by Standard Webhooks.',
        messages: allMessages(),
      },
    },
    operations: {
      streamEvents: operation('stream', 'GET', 'Sends events to a client that follows the stream.'),
      deliverEvents: {
        ...operation('webhook', 'POST', 'Sends an event to a receiver, again until it answers 2xx.'),
        description: 'At least once, in the order of `sequence` for each subject.',
      },
    },
    components: {
      messages: Object.fromEntries(
        EVENT_TYPES.map((type) => [
          eventName(type),
          { ...message(type), traits: [reference('components/messageTraits/signed')] },
        ]),
      ),
      messageTraits: { signed: { headers: WEBHOOK_HEADERS } },
    },
  };
}
