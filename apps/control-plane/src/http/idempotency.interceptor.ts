import { catalogueEntry } from '@legato/contracts';
import type { Log } from '@legato/kernel';
import { crashPoint, runAsCommand } from '@legato/kernel';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { catchError, from, lastValueFrom, mergeMap, of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import type { IdempotencyRecords, KeptAnswer, Ticket } from './idempotency-records';
import { ProblemException } from './problem.exception';
import { keepable } from './show-once';

const KEY = /^[\x21-\x7e]{1,255}$/;
const HEADER = 'Idempotency-Key';
const RETRY_AFTER = { 'Retry-After': '1' };

const METHODS: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];
const NO_CONTENT = 204;
const NOT_FOUND = 404;

const digest = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** What a request asks for. The address of a POST has no query. */
function fingerprintOf({ method, path, originalUrl, body }: Request): string {
  const content = JSON.stringify(body ?? {});
  return method === 'POST' ? digest(path, content) : digest(method, originalUrl, content);
}

/** It was about to be removed when its process died, and it is gone. */
const isRemoved = ({ method }: Request, { statusCode }: Response, error: unknown): boolean =>
  method === 'DELETE' &&
  statusCode === NO_CONTENT &&
  error instanceof ProblemException &&
  catalogueEntry(error.code).http === NOT_FOUND;

/**
 * What changes something is carried out once with an Idempotency-Key: a copy gets the first answer with `Idempotency-Replayed: true`,
 * a copy that comes too early 409, another request under the same key 422. What was refused leaves the key free. After
 * a crash the copy is carried out under the id of the first, so that calls and conferences know it again.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly records: IdempotencyRecords,
    private readonly log: Log,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const key = request.get(HEADER);
    if (!METHODS.includes(request.method) || key === undefined) return next.handle();
    if (!KEY.test(key)) {
      const detail = 'expected 1 to 255 printable ASCII characters without blanks';
      throw ProblemException.invalidFields([{ header: HEADER, detail }]);
    }
    const id = `idem_${digest(request.get('Authorization') ?? '', key)}`;
    return this.once(id, request, context.switchToHttp().getResponse<Response>(), next);
  }

  private async once(
    id: string,
    request: Request,
    response: Response,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const beginning = await this.records.begin(id, fingerprintOf(request));
    if (beginning.state === 'in progress')
      throw new ProblemException('idempotency_in_progress', {}, RETRY_AFTER);
    if (beginning.state === 'taken') throw new ProblemException('idempotency_key_reused');
    if (beginning.state === 'answered') return of(replay(response, beginning.answer));
    const { ticket, isAgain } = beginning;
    crashPoint('command begun');
    const carriedOut = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    const run = () =>
      carriedOut().catch((error: unknown) => {
        if (isAgain && isRemoved(request, response, error)) return undefined;
        throw error;
      });
    return from(runAsCommand(ticket.command, run)).pipe(
      mergeMap((body: unknown) => this.keep(ticket, response, body)),
      catchError((error: unknown) =>
        from(this.free(ticket, error)).pipe(mergeMap(() => throwError(() => error))),
      ),
    );
  }

  /** The command is done: that its outcome can not be kept must not turn it into a failure. */
  private async keep(ticket: Ticket, response: Response, body: unknown): Promise<unknown> {
    crashPoint('command done');
    const { statusCode: status } = response;
    const location = response.getHeader('Location');
    const kept = keepable(response, body);
    const answer = { status, body: kept, ...(typeof location === 'string' ? { location } : {}) };
    await this.records.complete(ticket, answer).catch((error: unknown) => this.note(ticket.id, error));
    crashPoint('command kept');
    return body;
  }

  /** What was refused has done nothing. Of any other failure nobody knows: a copy goes on under the same command. */
  private async free(ticket: Ticket, error: unknown): Promise<void> {
    if (!(error instanceof ProblemException)) this.records.abandon(ticket);
    else await this.records.release(ticket).catch((failure: unknown) => this.note(ticket.id, failure));
  }

  private note(id: string, error: unknown): void {
    this.log.warn('idempotency record is not written', { record: id, error });
  }
}

function replay(response: Response, { status, body, location }: KeptAnswer): unknown {
  response.setHeader('Idempotency-Replayed', 'true');
  if (location !== undefined) response.setHeader('Location', location);
  response.status(status);
  return body;
}
