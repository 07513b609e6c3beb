import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MediaReadiness } from '../media-process/media-side';
import type { MediaMetrics } from './media-metrics';

const REQUEST_MS = 5000;
const MAX_CONNECTIONS = 64;
const JSON_TYPE = 'application/json';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 is any free one; undefined: there is no server. */
  readonly port: number | undefined;
  readonly metrics: MediaMetrics;
  /** Whether new calls are taken, or why not. */
  readonly readiness: () => MediaReadiness | 'draining';
}

/** `/metrics` for Prometheus, `/healthz` and `/readyz` for load balancers, over plain HTTP and without authentication: for loopback, or a network of the operator's. */
export class MetricsServer {
  private server: Server | undefined;

  constructor(private readonly options: MetricsServerOptions) {}

  /** The port as bound; undefined when there is no server. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  /** Rejects when the port can not be bound. */
  async start(): Promise<void> {
    const { host, port } = this.options;
    if (port === undefined) return;
    const server = createServer(
      { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS },
      (request, response) => {
        this.answer(request, response).catch(() => response.destroy());
      },
    );
    server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') {
      send(response, 405, JSON_TYPE, '{"error":"GET only"}', { allow: 'GET, HEAD' });
    } else if (url === '/metrics') {
      const { metrics } = this.options;
      send(response, 200, metrics.contentType, await metrics.page());
    } else if (url === '/healthz') {
      sendStatus(response, this.options.readiness() === 'draining' ? 'draining' : 'alive', 'alive');
    } else if (url === '/readyz') {
      sendStatus(response, this.options.readiness(), 'ready');
    } else {
      send(response, 404, JSON_TYPE, '{"error":"/metrics, /healthz and /readyz"}');
    }
  }
}

const sendStatus = (response: ServerResponse, status: string, good: string): void =>
  send(response, status === good ? 200 : 503, JSON_TYPE, JSON.stringify({ status }));

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
