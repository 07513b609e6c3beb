import type { ErrorCode, ProblemDetails } from '@legato/contracts';
import { PROBLEM_CONTENT_TYPE, problemOf } from '@legato/contracts';
import type { Response } from 'express';
import { requestIdOf } from './request-context';

const RETRY_AFTER_SECONDS = 2;

/** Ends a response with a problem document (RFC 9457 §3); a response that has begun is cut instead. */
export function sendProblem(
  response: Response,
  code: ErrorCode,
  details: ProblemDetails = {},
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemOf(code, { instance: requestIdOf(response), ...details });
  if (problem.status === 503) response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.status(problem.status).setHeader('Content-Type', PROBLEM_CONTENT_TYPE);
  response.end(JSON.stringify(problem));
}
