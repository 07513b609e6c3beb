import { isAllowed, OPERATIONS, scopeOf } from '@legato/contracts';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf } from '../http/require-api-key';
import { ProblemException } from '../http/problem.exception';

/** `get /v1/calls/{}`: names of parameters tell nothing apart. */
const routeKey = (method: string, path: string): string => `${method} ${path.replace(/\{\w+\}|:\w+/g, '{}')}`;

const NEEDED = new Map(
  OPERATIONS.map((operation) => [routeKey(operation.method, operation.path), scopeOf(operation)]),
);

function neededFor(request: Request): string | undefined {
  const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
  const { path } = request.route as { path: string };
  const key = routeKey(method, path);
  // A route that is in no table is nobody's.
  return NEEDED.has(key) ? NEEDED.get(key) : 'none';
}

/** 403 for a key without the scope of the operation; which that is, the table of operations says. */
@Injectable()
export class ScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const http = context.switchToHttp();
    const needed = neededFor(http.getRequest<Request>());
    if (isAllowed(callerOf(http.getResponse<Response>()).scopes, needed)) return true;
    throw new ProblemException('forbidden', { detail: `The operation needs the scope ${needed}.` });
  }
}
