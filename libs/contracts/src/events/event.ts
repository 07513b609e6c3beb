import { z } from 'zod';
import { cursorText, pageLimit, pageOf } from '../page';
import { EVENT_DATA, EVENT_TYPES } from './event-data';
import type { EventType } from './event-data';

/** Member `source` of every event. */
export const EVENT_SOURCE = 'urn:legato:control-plane' as const;

const envelope = {
  specversion: z.literal('1.0'),
  id: z.string().meta({ description: 'Unique: drop what you have seen.' }),
  source: z.literal(EVENT_SOURCE),
  subject: z.string().meta({ description: 'Id of the call, media server or node, or an address-of-record.' }),
  time: z.iso.datetime({ precision: 3 }),
  datacontenttype: z.literal('application/json'),
  sequence: z.int().min(1).meta({ description: 'Grows by one per subject.' }),
  cursor: z.string().meta({ description: 'Where to go on reading after this event.' }),
};

/** One event as a CloudEvents 1.0 JSON document, `sequence` and `cursor` being extension attributes. */
export const eventSchema = z
  .strictObject({ ...envelope, type: z.string(), data: z.record(z.string(), z.unknown()) })
  .meta({ description: `An event (CloudEvents 1.0). Types: ${EVENT_TYPES.join(', ')}.` });
export type EventDocument = z.infer<typeof eventSchema>;

export const eventPageSchema = pageOf(eventSchema);

/** The same with `data` as the type has it. */
export const eventSchemaOf = (type: EventType) =>
  z.strictObject({ ...envelope, type: z.literal(type), data: EVENT_DATA[type] });

/** What a log keeps of an event. */
export interface LoggedEventFields {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly cursor: string;
}

/** Puts the constant members around what the log keeps. */
export function eventDocument(event: LoggedEventFields): EventDocument {
  return {
    specversion: '1.0',
    id: event.id,
    source: EVENT_SOURCE,
    type: event.type,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    sequence: event.sequence,
    cursor: event.cursor,
    data: event.data,
  };
}

/** The query of GET /v1/events. */
export const listEventsSchema = z.strictObject({
  limit: pageLimit(1000, 100),
  cursor: cursorText.default('').meta({ description: 'Without it: the oldest event that is kept.' }),
});
export type ListEvents = z.infer<typeof listEventsSchema>;

/** The query of GET /v1/events/stream; `Last-Event-ID` goes before `cursor`. */
export const streamEventsSchema = z.strictObject({ cursor: cursorText.default('') });
