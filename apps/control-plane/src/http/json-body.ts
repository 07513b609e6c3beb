import type { ErrorCode } from '@legato/contracts';
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { sendProblem } from './send-problem';

export const MAX_BODY_BYTES = 64 * 1024;

/** What the body parser calls its refusals. */
const PARSER_ERRORS: Readonly<Record<string, ErrorCode>> = {
  'entity.parse.failed': 'malformed_json',
  'entity.too.large': 'body_too_large',
  'encoding.unsupported': 'unsupported_media_type',
  'charset.unsupported': 'unsupported_media_type',
};

/** Answers what the body parser refused. */
export const bodyErrors: ErrorRequestHandler = (error: unknown, _request, response, next: NextFunction) => {
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  const code = PARSER_ERRORS[type] ?? (type === '' ? undefined : 'malformed_request');
  if (code === undefined) next(error);
  else sendProblem(response, code);
};

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

/** 415 for a body that the JSON parser left alone. */
export const onlyJson: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
  if (request.body === undefined && hasBody(request)) sendProblem(response, 'unsupported_media_type');
  else next();
};
