import { StoreUnavailable } from '@legato/b2bua';
import type { CallEvent } from '@legato/b2bua';
import { eventPageSchema, eventSchema } from '@legato/contracts';
import { FakeClock } from '@legato/testing';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { callId } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';
import { EventsController } from './events.controller';

const event = (n: number, data: Record<string, unknown> = {}): CallEvent => ({
  id: `evt_${n}`,
  type: 'call.held',
  subject: callId(1),
  time: '2026-11-21T02:30:00.000Z',
  sequence: n,
  data,
});

/** Reads an event stream until `enough` says so. */
class Reader {
  text = '';
  private wake: () => void = () => undefined;
  ended = false;

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.text += chunk;
      this.wake();
    });
    response.on('end', () => {
      this.ended = true;
      this.wake();
    });
  }

  async until(enough: (text: string) => boolean): Promise<string> {
    while (!enough(this.text)) {
      if (this.ended) throw new Error(`the stream ended: ${this.text}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return this.text;
  }

  async end(): Promise<void> {
    while (!this.ended) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  get ids(): number[] {
    return [...this.text.matchAll(/"sequence":(\d+)/g)].map(([, n]) => Number(n));
  }
}

describe('the event log over REST', () => {
  let test: TestApplication;
  let clock: FakeClock;

  beforeEach(async () => {
    clock = new FakeClock();
    test = await testApplication({ clock });
  });
  afterEach(() => test.app.close());

  function open(path: string, headers: Record<string, string> = {}): Promise<Reader> {
    const { port } = test.app.getHttpServer().address() as AddressInfo;
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers }, (response) => resolve(new Reader(response))).on(
        'error',
        reject,
      );
    });
  }

  it('is read in pages from the oldest on', async () => {
    await test.events.append([event(1), event(2), event(3)]);
    const http = request(test.app.getHttpServer());
    const first = eventPageSchema.parse((await http.get('/v1/events?limit=2')).body);
    expect(first.data.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(first.has_more).toBe(true);
    const rest = eventPageSchema.parse((await http.get(`/v1/events?cursor=${first.next_cursor}`)).body);
    expect(rest.data.map(({ sequence }) => sequence)).toEqual([3]);
    expect(rest.has_more).toBe(false);
    expect((await http.get(`/v1/events?cursor=${rest.next_cursor}`)).body).toMatchObject({
      data: [],
      has_more: false,
    });
  });

  it.each([
    '/v1/events?cursor=a%0db',
    '/v1/events?limit=0',
    '/v1/events/stream?cursor=%22',
    '/v1/events?after=1',
  ])('refuses %s', async (path) => {
    expect((await request(test.app.getHttpServer()).get(path)).status).toBe(422);
  });

  it('is followed as server-sent events: what was, then what happens', async () => {
    await test.events.append([event(1), event(2)]);
    const reader = await open('/v1/events/stream');
    expect(reader.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await reader.until(() => reader.ids.length === 2);
    await test.events.append([event(3)]);
    const text = await reader.until(() => reader.ids.length === 3);
    expect(reader.ids).toEqual([1, 2, 3]);
    const frame = text.split('\n\n').find((part) => part.includes('"evt_3"')) ?? '';
    const [id, type, data] = frame.split('\n');
    const document = eventSchema.parse(JSON.parse(data?.replace('data: ', '') ?? ''));
    expect(id).toBe(`id: ${document.cursor}`);
    expect(type).toBe('event: call.held');
    reader.response.destroy();
  });

  it('goes on after Last-Event-ID, which goes before the cursor', async () => {
    await test.events.append([event(1), event(2), event(3)]);
    const { events } = await test.events.read('', 10);
    const after = (n: number) => events[n - 1]?.cursor ?? '';
    const reader = await open(`/v1/events/stream?cursor=${after(1)}`, { 'Last-Event-ID': after(2) });
    await reader.until(() => reader.ids.length > 0);
    expect(reader.ids).toEqual([3]);
    reader.response.destroy();
  });

  it('is 503 when the log does not answer, and nothing to stream for HEAD', async () => {
    const http = request(test.app.getHttpServer());
    expect((await http.head('/v1/events/stream')).status).toBe(200);
    const read = jest.spyOn(test.events, 'read').mockRejectedValue(new StoreUnavailable('redis is away'));
    expect((await http.get('/v1/events/stream')).status).toBe(503);
    read.mockRestore();
  });

  it('keeps a line a line, whatever an event says', async () => {
    await test.events.append([event(1, { text: 'a\r\n\r\ndata: evil\u2028' })]);
    const reader = await open('/v1/events/stream');
    const text = await reader.until(() => reader.ids.length === 1);
    expect(text.split('\n').filter((line) => line.startsWith('data:'))).toHaveLength(1);
    reader.response.destroy();
  });

  it('sends a comment every 15 seconds', async () => {
    const reader = await open('/v1/events/stream');
    await reader.until((text) => text.startsWith('retry: 2000\n\n'));
    while (clock.armed === 0) await new Promise(setImmediate);
    clock.advance(15_000);
    await reader.until((text) => text.split(': heartbeat\n\n').length === 2);
    clock.advance(15_000);
    await reader.until((text) => text.split(': heartbeat\n\n').length === 3);
    reader.response.destroy();
  });

  it('delivers a long backlog whole and in order to a reader that is slow', async () => {
    const filler = { filler: 'x'.repeat(10_000) };
    await test.events.append(Array.from({ length: 500 }, (_, i) => event(i + 1, filler)));
    const reader = await open('/v1/events/stream');
    reader.response.pause();
    await test.events.append([event(501)]);
    reader.response.resume();
    await reader.until((text) => text.includes('"evt_501"'));
    expect(reader.ids).toEqual(Array.from({ length: 501 }, (_, i) => i + 1));
    reader.response.destroy();
  });

  it('lets go of the log and the timer when the client goes', async () => {
    const reader = await open('/v1/events/stream');
    await reader.until((text) => text.includes('retry'));
    const controller = test.app.get(EventsController);
    while (test.events.listeners === 0) await new Promise(setImmediate);
    expect(controller.openStreams).toBe(1);
    reader.response.destroy();
    while (controller.openStreams > 0) await new Promise(setImmediate);
    expect(test.events.listeners).toBe(0);
  });

  it('ends when the application does', async () => {
    const reader = await open('/v1/events/stream');
    await reader.until((text) => text.includes('retry'));
    await test.app.close();
    await reader.end();
    expect(test.events.listeners).toBe(0);
  });
});
