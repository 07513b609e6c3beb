import { randomIds } from '@legato/kernel';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { HttpMetrics } from './http-metrics';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** `urn:legato:request:<uuidv7>`: `instance` of problems and member of log lines. */
export const requestIdOf = (response: Response): string => String(response.locals['requestId']);

/** The pattern of the route that took the request, so that metrics have few label values. */
function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'unmatched';
}

/** First in line: names the request, counts and times its response, and sets the headers that every response has. */
export function requestContext(metrics: HttpMetrics): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const startedAt = performance.now();
    response.locals['requestId'] = `urn:legato:request:${randomIds.uuidv7()}`;
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('X-Frame-Options', 'DENY');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    response.once('close', () => {
      const method = METHODS.includes(request.method) ? request.method : 'other';
      metrics.observe(method, routeOf(request), response.statusCode, (performance.now() - startedAt) / 1000);
    });
    next();
  };
}
