import type { Clock } from '@legato/kernel';
import type { Request, Response } from 'express';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Names the node that a request was sent on to: it must not go any further. */
export const FORWARDED_TO = 'Legato-Forwarded-To';
const PASSED_ON = ['Authorization', 'Content-Type', 'Idempotency-Key'];
const PASSED_BACK = ['content-type', 'location', 'retry-after', 'idempotency-replayed', 'www-authenticate'];

/** How a request to another node went: `lost` when it may have been carried out. */
export type Sent = 'answered' | 'not reached' | 'lost';

interface Node {
  readonly id: string;
  readonly url: string;
}

function headersOf(request: Request, node: Node, body: string | undefined): Record<string, string | number> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = request.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    [FORWARDED_TO]: node.id,
    ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
  };
}

function passBack(answer: IncomingMessage, response: Response): void {
  for (const name of PASSED_BACK) {
    const value = answer.headers[name];
    if (value !== undefined) response.setHeader(name, value);
  }
  response.status(answer.statusCode ?? 0);
  answer.pipe(response);
}

/** Sends a request as it came to another node, and its answer back. Never rejects; takes `deadlineMs` at most. */
export function sendToNode(
  node: Node,
  exchange: { readonly request: Request; readonly response: Response },
  options: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<Sent> {
  const { request, response } = exchange;
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const { hostname, port, protocol } = new URL(node.url);
  const open = protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    let isConnected = false;
    const outgoing = open({
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(port === '' ? {} : { port }),
      path: request.originalUrl,
      method: request.method,
      headers: headersOf(request, node, body),
      // A connection of its own: what fails before it stands has not been sent.
      agent: false,
    });
    const timer = options.clock.schedule(options.deadlineMs, () => outgoing.destroy(new Error('too late')));
    const settle = (sent: Sent): void => {
      timer.cancel();
      resolve(sent);
    };
    outgoing.once('socket', (socket) => socket.once('connect', () => (isConnected = true)));
    outgoing.once('error', () => settle(isConnected ? 'lost' : 'not reached'));
    outgoing.once('response', (answer) => {
      passBack(answer, response);
      settle('answered');
    });
    outgoing.end(body);
  });
}
