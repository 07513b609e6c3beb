import type { Clock } from '@legato/kernel';
import type { SipRequest } from '../message/sip-request';

/** A transaction lives this long after its answer at most, 64*T1: so long the copy of a forked request is recognized. */
const GENERATION_MS = 32_000;

/**
 * Remembers requests without To tag for 32 to 64 s, to find those that come again by another path (RFC 3261 §8.2.2.2). Two
 * generations of keys instead of a timer for each.
 */
export class MergedRequests {
  private current = new Map<string, string>();
  private previous = new Map<string, string>();
  private since: number;

  constructor(private readonly clock: Clock) {
    this.since = clock.now();
  }

  /** True when a transaction other than that of `transactionKey` has had From tag, Call-ID and CSeq of this request. */
  isMerged(request: SipRequest, transactionKey: string): boolean {
    this.rotate();
    const { number, method } = request.cseq;
    const key = `${request.callId};${request.from.tag ?? ''};${number} ${method}`;
    const first = this.current.get(key) ?? this.previous.get(key);
    if (first === undefined) this.current.set(key, transactionKey);
    return first !== undefined && first !== transactionKey;
  }

  private rotate(): void {
    const age = this.clock.now() - this.since;
    if (age < GENERATION_MS) return;
    this.previous = age < 2 * GENERATION_MS ? this.current : new Map<string, string>();
    this.current = new Map<string, string>();
    this.since = this.clock.now();
  }
}
