import type { EventLog, LoggedEvent } from '@legato/b2bua';
import { eventDocument } from '@legato/contracts';
import type { Clock, Timer } from '@legato/kernel';
import type { Response } from 'express';
import { once } from 'node:events';

const HEARTBEAT_MS = 15_000;
/** How soon a browser comes back after the stream ended. */
const RETRY_MS = 2_000;
const PAGE = 200;
/** What may wait for a slow reader before the stream is ended; the reader resumes by Last-Event-ID. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

type Page = Awaited<ReturnType<EventLog['read']>>;

/** Cursors are the log's; a line break in one would be a second field. */
const isOneLine = (cursor: string): boolean => /^[\x20-\x7e]*$/.test(cursor);

function frame(event: LoggedEvent): string {
  const id = isOneLine(event.cursor) ? `id: ${event.cursor}\n` : '';
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(eventDocument(event))}\n\n`;
}

/** One client that follows the event log as server-sent events. */
export class EventStream {
  private unsubscribe: () => void = () => undefined;
  private heartbeat: Timer | undefined;
  private closed = false;

  constructor(
    private readonly response: Response,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {
    response.once('close', () => this.stop());
  }

  /** Sends what lies after `cursor` page by page as fast as the client reads, then every event as it happens. */
  async follow(cursor: string): Promise<void> {
    // Before anything is sent, so that a log that does not answer is a 503.
    const first = await this.log.read(cursor, PAGE);
    this.response.status(200);
    this.response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    this.response.setHeader('X-Accel-Buffering', 'no');
    this.response.write(`retry: ${RETRY_MS}\n\n`);
    const reached = await this.catchUp(cursor, first);
    if (this.closed) return;
    this.beat();
    this.unsubscribe = this.log.subscribe(reached, (event) => this.sendLive(event));
  }

  /** Ends the stream; the client comes back by itself. */
  end(): void {
    this.stop();
    this.response.end();
  }

  private async catchUp(cursor: string, first: Page): Promise<string> {
    let after = cursor;
    for (let page = first; !this.closed; page = await this.log.read(after, PAGE)) {
      for (const event of page.events) {
        if (this.closed) return after;
        if (!this.response.write(frame(event))) await this.drained();
        after = event.cursor;
      }
      if (!page.hasMore || page.events.length === 0) return after;
    }
    return after;
  }

  private async drained(): Promise<void> {
    const gone = new AbortController();
    const onClose = () => gone.abort();
    this.response.once('close', onClose);
    // A client that leaves while it is waited for.
    await once(this.response, 'drain', { signal: gone.signal }).catch(() => undefined);
    this.response.off('close', onClose);
  }

  private sendLive(event: LoggedEvent): void {
    if (this.closed) return;
    this.response.write(frame(event));
    if (this.response.writableLength > MAX_BACKLOG_BYTES) this.end();
  }

  private beat(): void {
    this.heartbeat = this.clock.schedule(HEARTBEAT_MS, () => {
      if (this.closed) return;
      this.response.write(': heartbeat\n\n');
      if (this.response.writableLength > MAX_BACKLOG_BYTES) this.end();
      else this.beat();
    });
  }

  private stop(): void {
    this.closed = true;
    this.unsubscribe();
    this.heartbeat?.cancel();
  }
}
