import type { Clock } from '@legato/kernel';
import type { TransportProtocol } from '../message/flow';

const MAX_ENTRIES = 1_000;

/** The hops that failed lately: they are tried last until their time is over (RFC 3263 §4.3, RFC 3261 §21.5.4). */
export class HopMemory {
  private readonly until = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  avoid(protocol: TransportProtocol, host: string, port: number, forMs: number): void {
    const key = `${protocol}|${host}|${port}`;
    this.until.delete(key);
    this.until.set(key, this.clock.now() + forMs);
    const oldest = this.until.keys().next();
    if (this.until.size > MAX_ENTRIES && !oldest.done) this.until.delete(oldest.value);
  }

  isAvoided(protocol: TransportProtocol, host: string, port: number): boolean {
    if (this.until.size === 0) return false;
    const key = `${protocol}|${host}|${port}`;
    const until = this.until.get(key);
    if (until === undefined) return false;
    if (until > this.clock.now()) return true;
    this.until.delete(key);
    return false;
  }
}
