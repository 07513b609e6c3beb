import { StoreUnavailable } from '@legato/b2bua';
import { OPERATIONS } from '@legato/contracts';
import type { ErrorCode } from '@legato/contracts';
import type { Log } from '@legato/kernel';
import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { TrunkUnavailable } from '../trunks/trunk-routes';
import { ProblemException } from './problem.exception';
import { requestIdOf } from './request-context';
import { sendProblem } from './send-problem';

const matches = (pattern: string, path: string): boolean => {
  const parts = path.replace(/\/$/, '').split('/');
  const wanted = pattern.split('/');
  return (
    parts.length === wanted.length && wanted.every((part, i) => part.startsWith('{') || part === parts[i])
  );
};

/** The methods of the operations at a path; empty when there is nothing. */
const methodsAt = (path: string): string[] =>
  OPERATIONS.filter((operation) => matches(operation.path, path)).map(({ method }) => method.toUpperCase());

/** Every error of the REST interface leaves through here, as a problem document (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const problem = this.toProblem(exception, http.getRequest<Request>(), response);
    sendProblem(response, problem.code, problem.details, problem.headers);
  }

  private toProblem(exception: unknown, request: Request, response: Response): ProblemException {
    if (exception instanceof ProblemException) return exception;
    if (exception instanceof StoreUnavailable) return new ProblemException('store_unavailable');
    if (exception instanceof TrunkUnavailable) return new ProblemException('unavailable');
    if (exception instanceof HttpException && exception.getStatus() < 500) {
      return this.refusal(exception.getStatus(), request);
    }
    this.log.error('request failed', {
      request_id: requestIdOf(response),
      method: request.method,
      path: request.path,
      error: exception,
    });
    return new ProblemException('internal_error');
  }

  /** What Nest and Express refuse by themselves: an unknown path, or a path that can not be decoded. */
  private refusal(status: number, request: Request): ProblemException {
    const allowed = status === 404 ? methodsAt(request.path) : [];
    if (allowed.length > 0)
      return new ProblemException('method_not_allowed', {}, { Allow: allowed.join(', ') });
    const code: ErrorCode = status === 404 ? 'not_found' : 'malformed_request';
    return new ProblemException(code);
  }
}
