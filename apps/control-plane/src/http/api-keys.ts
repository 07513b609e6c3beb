import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { sendProblem } from './send-problem';

/** Asked for by load balancers, which have no key; they tell nothing but up or down. */
const OPEN_PATHS = ['/healthz', '/readyz'];
const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Compares with every key, and hashes of equal length only: the time tells nothing. */
function isOneOf(keys: readonly Buffer[], presented: string): boolean {
  const hash = digest(presented);
  let found = false;
  for (const key of keys) {
    if (timingSafeEqual(key, hash)) found = true;
  }
  return found;
}

/** 401 for a request without one of `keys` as bearer token (RFC 6750 §2.1). Without keys everybody may pass. */
export function requireApiKey(keys: readonly string[]): RequestHandler {
  const hashes = keys.map(digest);
  return (request: Request, response: Response, next: NextFunction) => {
    if (hashes.length === 0 || OPEN_PATHS.includes(request.path)) {
      next();
      return;
    }
    const presented = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (presented !== undefined && isOneOf(hashes, presented)) next();
    else sendProblem(response, 'unauthorized', {}, { 'WWW-Authenticate': 'Bearer realm="legato"' });
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
export function requireOwnHost(keys: readonly string[]): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (keys.length > 0 || isAddressOrLocalhost(request.headers.host ?? '')) next();
    else sendProblem(response, 'misdirected_request');
  };
}
