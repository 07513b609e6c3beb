import type { Clock } from '@legato/kernel';
import { inOnePiece } from '@legato/kernel';
import type { CdrLog, LoggedCdr } from './cdr-log';

export interface MemoryCdrLogOptions {
  readonly clock: Clock;
  /** Records kept at most (default 100,000); the oldest leave first. */
  readonly maxCdrs?: number;
}

interface Entry {
  readonly ms: number;
  readonly number: number;
  readonly cdr: string;
}

const OLDEST = { ms: 0, number: 0 };
const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

function parseCursor(cursor: string): typeof OLDEST {
  const match = CURSOR.exec(cursor);
  return match ? { ms: Number(match[1]), number: Number(match[2]) } : OLDEST;
}

/** The call detail records of a node that runs alone: they end with the process. Cursors have the form of Redis stream ids. */
export class MemoryCdrLog implements CdrLog {
  private entries: Entry[] = [];
  private last = OLDEST;
  private readonly clock: Clock;
  private readonly maxCdrs: number;

  constructor({ clock, maxCdrs = 100_000 }: MemoryCdrLogOptions) {
    this.clock = clock;
    this.maxCdrs = maxCdrs;
  }

  append(cdr: string): void {
    // The wall clock may be set back; cursors never are.
    const ms = Math.max(Math.floor(this.clock.wallTime()), this.last.ms);
    this.last = { ms, number: ms === this.last.ms ? this.last.number + 1 : 0 };
    this.entries.push({ ms, number: this.last.number, cdr: inOnePiece(cdr) });
    // Cut now and then, not at each append.
    if (this.entries.length > this.maxCdrs * 2) this.entries = this.entries.slice(-this.maxCdrs);
  }

  read(after: string, limit: number): Promise<{ cdrs: LoggedCdr[]; next: string; hasMore: boolean }> {
    const from = parseCursor(after);
    const kept = this.entries.slice(-this.maxCdrs);
    const rest = kept.filter(({ ms, number }) => ms > from.ms || (ms === from.ms && number > from.number));
    const cdrs = rest
      .slice(0, Math.max(0, limit))
      .map(({ ms, number, cdr }) => ({ cursor: `${ms}-${number}`, cdr }));
    const next = cdrs.at(-1)?.cursor ?? after;
    return Promise.resolve({ cdrs, next, hasMore: rest.length > cdrs.length });
  }
}
