import type { Clock } from '@legato/kernel';

/** Above every nonce count: credentials without qop have none and use the nonce up (RFC 7616 §3.4: nc has eight digits). */
export const NO_NONCE_COUNT = 2 ** 32;

/** Remembers which nonce counts were used, in one process or in a store that nodes share. */
export interface NonceLedger {
  /**
   * True when `nc` is above every count that was used with this nonce, which it is from now on (RFC 7616 §3.4: a replay is seen by
   * its nc). `nonceId` names the nonce without giving it away. Nothing need be kept for longer than `expiresInMs`. Rejects when
   * the store does not answer.
   */
  use(nonceId: string, nc: number, expiresInMs: number): Promise<boolean>;
}

interface Used {
  nc: number;
  readonly until: number;
}

const MAX_NONCES = 1_000_000;
/** Between two looks for what has expired. */
const SWEEP_MS = 10_000;

/** The ledger of a node that is alone. Only nonces of authenticated requests get into it. */
export class MemoryNonceLedger implements NonceLedger {
  private readonly used = new Map<string, Used>();
  private sweepAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly maxNonces = MAX_NONCES,
  ) {}

  /** Nonces that are remembered. */
  get size(): number {
    return this.used.size;
  }

  use(nonceId: string, nc: number, expiresInMs: number): Promise<boolean> {
    this.sweep();
    const known = this.used.get(nonceId);
    if (!known) return Promise.resolve(this.add(nonceId, nc, expiresInMs));
    const isNew = nc > known.nc;
    if (isNew) known.nc = nc;
    return Promise.resolve(isNew);
  }

  /** When it is full a nonce is refused rather than one forgotten: its owner gets another one. */
  private add(nonceId: string, nc: number, expiresInMs: number): boolean {
    if (this.used.size >= this.maxNonces) return false;
    this.used.set(nonceId, { nc, until: this.clock.now() + expiresInMs });
    return true;
  }

  private sweep(): void {
    const now = this.clock.now();
    if (now < this.sweepAt) return;
    this.sweepAt = now + SWEEP_MS;
    for (const [nonceId, { until }] of this.used) if (until <= now) this.used.delete(nonceId);
  }
}
