import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { StoreUnavailable } from '@legato/b2bua';
import { isIP } from 'node:net';
import type { Caller } from '../api-keys/api-key';
import type { ApiKeys } from '../api-keys/api-keys';
import { sendProblem } from './send-problem';

/** Asked for by load balancers, which have no key; they tell nothing but up or down. */
const OPEN_PATHS = ['/healthz', '/readyz'];
const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;
const CALLER = 'caller';
const NOBODY: Caller = { id: 'nobody', scopes: [] };

/** Who sent the request of a response. */
export const callerOf = (response: Response): Caller =>
  (response.locals[CALLER] as Caller | undefined) ?? NOBODY;

/** 401 for a request without a valid key as bearer token (RFC 6750 §2.1). Without configured keys everybody may pass. */
export function requireApiKey(keys: ApiKeys): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (OPEN_PATHS.includes(request.path)) {
      next();
      return;
    }
    const presented = BEARER.exec(request.headers.authorization ?? '')?.[1];
    keys.callerOf(presented).then(
      (caller) => {
        response.locals[CALLER] = caller;
        if (caller) next();
        else sendProblem(response, 'unauthorized', {}, { 'WWW-Authenticate': 'Bearer realm="legato"' });
      },
      (error: unknown) => {
        sendProblem(response, error instanceof StoreUnavailable ? 'store_unavailable' : 'internal_error');
      },
    );
  };
}

function isAddressOrLocalhost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || isIP(name) !== 0;
}

/**
 * Without keys, the loopback address is all that protects: a web page must not reach it by a name of its own that
 * resolves to 127.0.0.1 (DNS rebinding).
 */
export function requireOwnHost(keys: Pick<ApiKeys, 'isOpen'>): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (!keys.isOpen || isAddressOrLocalhost(request.headers.host ?? '')) next();
    else sendProblem(response, 'misdirected_request');
  };
}
