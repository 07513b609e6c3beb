import type { EventLog } from '@legato/b2bua';
import { eventDocument, listEventsSchema, streamEventsSchema } from '@legato/contracts';
import type { ListEvents } from '@legato/contracts';
import type { Clock } from '@legato/kernel';
import { Controller, Get, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { CLOCK, EVENT_LOG } from '../tokens';
import { EventStream } from './event-stream';

/** The durable event log, in pages and as a stream. */
@Controller('v1/events')
export class EventsController implements BeforeApplicationShutdown {
  private readonly streams = new Set<EventStream>();

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Clients that follow the log now. */
  get openStreams(): number {
    return this.streams.size;
  }

  @Get()
  async list(@Query(new ZodPipe(listEventsSchema, 'query')) query: ListEvents): Promise<object> {
    const { events, next, hasMore } = await this.log.read(query.cursor, query.limit);
    return { data: events.map(eventDocument), next_cursor: next === '' ? null : next, has_more: hasMore };
  }

  @Get('stream')
  async stream(
    @Query(new ZodPipe(streamEventsSchema, 'query')) query: { readonly cursor: string },
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cursor = this.resumeAt(lastEventId) ?? query.cursor;
    if (request.method === 'HEAD') {
      response.setHeader('Content-Type', 'text/event-stream; charset=utf-8').end();
      return;
    }
    const stream = new EventStream(response, this.log, this.clock);
    this.streams.add(stream);
    response.once('close', () => this.streams.delete(stream));
    await stream.follow(cursor);
  }

  beforeApplicationShutdown(): void {
    for (const stream of this.streams) stream.end();
  }

  private resumeAt(lastEventId: string | undefined): string | undefined {
    if (lastEventId === undefined) return undefined;
    const parsed = streamEventsSchema.safeParse({ cursor: lastEventId });
    if (parsed.success) return parsed.data.cursor;
    throw ProblemException.invalidFields([
      { header: 'Last-Event-ID', detail: 'expected the id of an event of this stream' },
    ]);
  }
}
