import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { EVENT_DATA, EVENT_TYPES } from './event-data';
import type { EventType } from './event-data';
import { eventDocument, eventSchema, eventSchemaOf } from './event';

const page = readFileSync(join(__dirname, '../../../../docs/events.md'), 'utf8');

const logged = {
  id: 'evt_1',
  type: 'recording.failed',
  subject: 'call_1',
  time: '2026-11-21T02:30:00.000Z',
  sequence: 7,
  cursor: '12-0',
  data: {
    call_id: 'call_1',
    recording_id: 'rec_1',
    channels: 'dual',
    error: { code: 'no_file', detail: 'x' },
  },
};

describe('an event', () => {
  it('is a CloudEvents 1.0 document with sequence and cursor as extensions', () => {
    const document = eventDocument(logged);
    expect(eventSchema.parse(document)).toEqual(document);
    expect(document).toMatchObject({ specversion: '1.0', datacontenttype: 'application/json', sequence: 7 });
    for (const name of Object.keys(document)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
  });

  it('is checked with the data of its type', () => {
    expect(eventSchemaOf('recording.failed').safeParse(eventDocument(logged)).success).toBe(true);
    expect(eventSchemaOf('call.ended').safeParse(eventDocument(logged)).success).toBe(false);
  });
});

/** The names of the members of an event's data, with a question mark behind those that may be missing. */
const members = (type: EventType): string =>
  Object.entries<z.ZodType>(EVENT_DATA[type].shape)
    .map(([name, schema]) => (schema.safeParse(undefined).success ? `${name}?` : name))
    .join(', ');

describe('docs/events.md', () => {
  it('has one row per type of event: when it happens and what it tells', () => {
    const rows = page
      .split('\n')
      .filter((line) => /^\| `\w+\.\w+`/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.map((cells) => cells.slice(1, 4))).toEqual(
      EVENT_TYPES.map((type) => [`\`${type}\``, EVENT_DATA[type].description, members(type)]),
    );
  });
});
