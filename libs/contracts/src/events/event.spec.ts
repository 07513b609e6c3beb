import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_TYPES } from './event-data';
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

describe('docs/events.md', () => {
  it('has one row per type of event', () => {
    const types = page
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('`')[1]);
    expect(types).toEqual(EVENT_TYPES);
  });
});
