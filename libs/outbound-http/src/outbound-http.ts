import type { Clock, Result } from '@legato/kernel';
import { err, ok, systemClock } from '@legato/kernel';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressPolicy } from './address-policy';
import { AddressRefused, guardedLookup, resolveBySystem } from './guarded-lookup';
import type { Resolve } from './guarded-lookup';
import { outboundUrl } from './outbound-url';

const MAX_RESPONSE_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;
const MAX_SOCKETS_PER_HOST = 32;
/** Below the five seconds after which many servers close a connection that is idle. */
const IDLE_SOCKET_MS = 4_000;

export interface OutboundHttpOptions {
  readonly policy: AddressPolicy;
  /** From the call to the end of the response (default 10,000). */
  readonly timeoutMs?: number;
  /** What is read of a response (default 65,536). */
  readonly maxResponseBytes?: number;
  readonly clock?: Clock;
  readonly resolve?: Resolve;
}

export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Instead of that of all requests, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The body was longer than what is read. */
  readonly truncated: boolean;
}

/** Why there is no response; `detail` names no address, because the reader may be the one who is kept from it. */
export interface OutboundFailure {
  readonly code: 'url_refused' | 'address_refused' | 'timeout' | 'unreachable';
  readonly detail: string;
}

type Outcome = Result<OutboundResponse, OutboundFailure>;

const failure = (code: OutboundFailure['code'], detail: string): Outcome => err({ code, detail });

/**
 * HTTP to where somebody else says: http: and https: only, addresses checked when the connection is made, redirects
 * not followed, certificates checked, time and size bounded. Never throws.
 */
export class OutboundHttp {
  private readonly http = new HttpAgent({
    keepAlive: true,
    maxSockets: MAX_SOCKETS_PER_HOST,
    timeout: IDLE_SOCKET_MS,
  });
  private readonly https = new HttpsAgent({
    keepAlive: true,
    maxSockets: MAX_SOCKETS_PER_HOST,
    timeout: IDLE_SOCKET_MS,
  });

  constructor(private readonly options: OutboundHttpOptions) {}

  /** Sends a request and reads its response. */
  async send(request: OutboundRequest): Promise<Outcome> {
    const url = outboundUrl(request.url, this.options.policy);
    if (!url.ok) return failure('url_refused', `The URL ${url.error}.`);
    const { timeoutMs } = request;
    const attempt = new Attempt({ ...this.options, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    try {
      return await attempt.run((signal) => this.open(url.value, request, signal), request.body);
    } finally {
      attempt.end();
    }
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private open(url: URL, { method, headers, body }: OutboundRequest, signal: AbortSignal): ClientRequest {
    const { policy, resolve = resolveBySystem } = this.options;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options: RequestOptions = {
      method,
      headers: { ...headers, ...length },
      lookup: guardedLookup(policy, resolve),
      signal,
    };
    return url.protocol === 'https:'
      ? httpsRequest(url, { ...options, agent: this.https })
      : httpRequest(url, { ...options, agent: this.http });
  }
}

/** One request with its deadline. */
class Attempt {
  private readonly abort = new AbortController();
  private readonly deadline;

  constructor(private readonly options: OutboundHttpOptions) {
    const { clock = systemClock, timeoutMs = TIMEOUT_MS } = options;
    this.deadline = clock.schedule(timeoutMs, () => this.abort.abort());
  }

  async run(open: (signal: AbortSignal) => ClientRequest, body: string | undefined): Promise<Outcome> {
    try {
      return ok(await this.exchange(open(this.abort.signal), body));
    } catch (error) {
      return this.failed(error as NodeJS.ErrnoException);
    }
  }

  end(): void {
    this.deadline.cancel();
  }

  private exchange(request: ClientRequest, body: string | undefined): Promise<OutboundResponse> {
    return new Promise((resolve, reject) => {
      request.once('error', reject);
      request.once('response', (response) => {
        this.read(response).then(resolve, reject);
      });
      request.end(body);
    });
  }

  private async read(response: IncomingMessage): Promise<OutboundResponse> {
    const { maxResponseBytes = MAX_RESPONSE_BYTES } = this.options;
    const chunks: Buffer[] = [];
    let left = maxResponseBytes;
    let truncated = false;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, left));
      truncated = chunk.length > left;
      left -= Math.min(left, chunk.length);
      // Leaving the loop destroys the response and its connection.
      if (truncated) break;
    }
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(chunks),
      truncated,
    };
  }

  private failed(error: NodeJS.ErrnoException): Outcome {
    if (this.abort.signal.aborted) return failure('timeout', 'There was no complete response in time.');
    if (error instanceof AddressRefused) return failure('address_refused', 'The host has no public address.');
    return failure('unreachable', `The server could not be reached (${error.code ?? 'connection failed'}).`);
  }
}
