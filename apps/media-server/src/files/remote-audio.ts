import type { Clock, Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { AddressPolicy, OutboundHttp, OutboundResponse } from '@legato/outbound-http';
import { outboundUrl } from '@legato/outbound-http';

/** What is kept of documents that were fetched. */
const MAX_CACHE_BYTES = 64 * 1024 * 1024;
/** Fetches that may be under way; more are refused. */
const MAX_UNDER_WAY = 64;
/** How long a document is fresh whose server says nothing, and how long at most (RFC 9111 §4.2). */
const DEFAULT_FRESH_MS = 60_000;
const MAX_FRESH_MS = 86_400_000;
const WEB = /^https?:/i;

interface CachedDocument {
  readonly bytes: Uint8Array;
  readonly etag: string | undefined;
  freshUntil: number;
}

export interface RemoteAudioOptions {
  readonly http: Pick<OutboundHttp, 'send' | 'close'>;
  readonly policy: AddressPolicy;
  readonly clock: Clock;
  readonly maxCacheBytes?: number;
}

/** Whether a URI is for the web, and not for a file here. */
export const isWebUri = (uri: string): boolean => WEB.test(uri);

/** Documents of the web, fetched once and kept while they are fresh. */
export class RemoteAudio {
  private readonly cache = new Map<string, CachedDocument>();
  private readonly underWay = new Map<string, Promise<Uint8Array>>();
  private cachedBytes = 0;

  constructor(private readonly options: RemoteAudioOptions) {}

  /** A URL that may be fetched; the error is for a response 410. Names are looked at when they are resolved. */
  check(uri: string): Result<string, string> {
    const url = outboundUrl(uri, this.options.policy);
    return url.ok ? ok(url.value.href) : err(`the URL ${url.error}`);
  }

  /** The bytes of a document; rejects with a message that says why not. */
  fetch(uri: string): Promise<Uint8Array> {
    const url = this.check(uri);
    if (!url.ok) return Promise.reject(new Error(url.error));
    const known = this.cache.get(url.value);
    if (known && this.options.clock.now() < known.freshUntil) {
      this.touch(url.value, known);
      return Promise.resolve(known.bytes);
    }
    const running = this.underWay.get(url.value);
    if (running) return running;
    if (this.underWay.size >= MAX_UNDER_WAY)
      return Promise.reject(new Error('too many documents are being fetched'));
    const fetched = this.load(url.value, known).finally(() => this.underWay.delete(url.value));
    this.underWay.set(url.value, fetched);
    return fetched;
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.options.http.close();
  }

  private async load(url: string, known: CachedDocument | undefined): Promise<Uint8Array> {
    const headers: Record<string, string> = {};
    if (known?.etag !== undefined) headers['if-none-match'] = known.etag;
    const outcome = await this.options.http.send({ method: 'GET', url, headers });
    if (!outcome.ok) throw new Error(outcome.error.detail);
    const response = outcome.value;
    if (response.status === 304 && known) {
      known.freshUntil = this.freshUntil(response);
      return known.bytes;
    }
    if (response.status !== 200) throw new Error(`the server answered ${response.status}`);
    if (response.truncated) throw new Error('the document is too large');
    this.keep(url, response);
    return response.body;
  }

  private freshUntil({ headers }: OutboundResponse): number {
    const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(headers['cache-control'] ?? '')?.[1];
    const freshMs = maxAge === undefined ? DEFAULT_FRESH_MS : Math.min(Number(maxAge) * 1000, MAX_FRESH_MS);
    return this.options.clock.now() + freshMs;
  }

  private keep(url: string, response: OutboundResponse): void {
    const { maxCacheBytes = MAX_CACHE_BYTES } = this.options;
    this.forget(url);
    const isPrivate = /no-store/i.test(response.headers['cache-control'] ?? '');
    if (isPrivate || response.body.length > maxCacheBytes) return;
    const { etag } = response.headers;
    this.cache.set(url, { bytes: response.body, etag, freshUntil: this.freshUntil(response) });
    this.cachedBytes += response.body.length;
    for (const oldest of this.cache.keys()) {
      if (this.cachedBytes <= maxCacheBytes) break;
      this.forget(oldest);
    }
  }

  /** The least recently used are at the beginning. */
  private touch(url: string, document: CachedDocument): void {
    this.cache.delete(url);
    this.cache.set(url, document);
  }

  private forget(url: string): void {
    this.cachedBytes -= this.cache.get(url)?.bytes.length ?? 0;
    this.cache.delete(url);
  }
}
