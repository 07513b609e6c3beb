/** A call detail record as it stands in the log: JSON text, and where it stands. */
export interface LoggedCdr {
  /** Opaque, ordered by the log. */
  readonly cursor: string;
  readonly cdr: string;
}

/** One record per call, written with the call's last write, in the order in which calls ended. */
export interface CdrLog {
  /** Up to `limit` records after `after` ('' is the oldest that is kept). Rejects with StoreUnavailable. */
  read(after: string, limit: number): Promise<{ cdrs: LoggedCdr[]; next: string; hasMore: boolean }>;
}
