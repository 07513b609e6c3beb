import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { Webhook as Verifier } from 'standardwebhooks';
import { eventually } from './eventually';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
}

/** A receiver of webhooks on a port of its own, which can go away and come back. */
export class WebhookReceiver {
  /** What was verified, in the order it came; a repetition counts again. */
  readonly received: ReceivedEvent[] = [];
  /** Requests whose signature was wrong. */
  forged = 0;
  secret = '';
  /** The status of an answer; undefined leaves the request without one. */
  answer: (event: ReceivedEvent) => number | undefined = () => 204;
  private server: Server | undefined;

  constructor(readonly port: number) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/events`;
  }

  async up(): Promise<void> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.take(Buffer.concat(chunks).toString(), request.headers as Record<string, string>, response);
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
  }

  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  /** Waits until everything that was logged for `subjects` has come: the ids of each, without repetitions. */
  async all(
    subjects: readonly string[],
    last: string,
    deadlineMs = 40_000,
  ): Promise<Map<string, ReceivedEvent[]>> {
    const of = (subject: string) => distinct(this.received.filter((event) => event.subject === subject));
    await eventually(
      `${last} of ${subjects.length} subjects is delivered`,
      () => subjects.every((subject) => of(subject).at(-1)?.type === last),
      deadlineMs,
    );
    return new Map(subjects.map((subject) => [subject, of(subject)]));
  }

  private take(body: string, headers: Record<string, string>, response: ServerResponse): void {
    let event: ReceivedEvent;
    try {
      event = new Verifier(this.secret).verify(body, headers) as ReceivedEvent;
    } catch {
      this.forged += 1;
      response.writeHead(401).end();
      return;
    }
    if (event.id !== headers['webhook-id']) this.forged += 1;
    this.received.push(event);
    const status = this.answer(event);
    if (status !== undefined) response.writeHead(status).end();
  }
}

const distinct = (events: readonly ReceivedEvent[]): ReceivedEvent[] => [
  ...new Map(events.map((event) => [event.id, event])).values(),
];
