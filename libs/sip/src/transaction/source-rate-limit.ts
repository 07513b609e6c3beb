import type { Clock } from '@legato/kernel';
import type { SipRequest } from '../message/sip-request';

/** What becomes of a request that would begin something new: served, answered 503, or dropped without a word. */
export type Admission = 'accept' | 'refuse' | 'drop';

/** How much one IP address may ask for. */
export interface SourceRateLimitOptions {
  readonly clock: Clock;
  /** Requests outside dialogs a second, in the long run. */
  readonly perSecond: number;
  /** How many at once after a pause. */
  readonly burst: number;
  /** Addresses that are never limited: our own edge and media servers. */
  readonly trusted?: readonly string[];
  /** Addresses remembered at a time; default 100,000. */
  readonly maxSources?: number;
}

interface Bucket {
  tokens: number;
  refusals: number;
  at: number;
}

const MAX_SOURCES = 100_000;

/**
 * A token bucket for each source address (RFC 3261 §26.3.1 asks to survive floods). What exceeds it is refused; refusals have a
 * bucket of the same size, and what exceeds that is dropped, for each answer to a flood feeds it.
 */
export class SourceRateLimit {
  private readonly buckets = new Map<string, Bucket>();
  private readonly trusted: ReadonlySet<string>;

  constructor(private readonly options: SourceRateLimitOptions) {
    this.trusted = new Set(options.trusted);
  }

  /** To be given to the transaction layer, which asks for requests outside dialogs only. */
  readonly admit = (request: SipRequest): Admission => this.take(request.flow?.remote.host ?? '');

  take(source: string): Admission {
    if (this.trusted.has(source)) return 'accept';
    const bucket = this.filled(source);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 'accept';
    }
    if (bucket.refusals < 1) return 'drop';
    bucket.refusals -= 1;
    return 'refuse';
  }

  private filled(source: string): Bucket {
    const { clock, perSecond, burst } = this.options;
    const now = clock.now();
    const bucket = this.buckets.get(source);
    if (!bucket) return this.add(source, { tokens: burst, refusals: burst, at: now });
    const gained = ((now - bucket.at) / 1000) * perSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.refusals = Math.min(burst, bucket.refusals + gained);
    bucket.at = now;
    return bucket;
  }

  /** The one that was first seen makes room: a flood from forged addresses must not cost memory without end. */
  private add(source: string, bucket: Bucket): Bucket {
    if (this.buckets.size >= (this.options.maxSources ?? MAX_SOURCES)) {
      const oldest = this.buckets.keys().next();
      if (!oldest.done) this.buckets.delete(oldest.value);
    }
    this.buckets.set(source, bucket);
    return bucket;
  }
}
