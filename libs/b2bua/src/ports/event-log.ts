import type { CallEvent } from './call-store';

/** An event as it stands in the log. */
export interface LoggedEvent extends CallEvent {
  /** Opaque, ordered by the log. */
  readonly cursor: string;
}

/** The log is written first; streams, webhooks and records are its readers. */
export interface EventLog {
  /** Events that belong to no call's write. */
  append(events: readonly CallEvent[]): Promise<void>;
  /** Up to `limit` events after `after` ('' is the oldest that is kept). */
  read(after: string, limit: number): Promise<{ events: LoggedEvent[]; next: string; hasMore: boolean }>;
  /** The cursor of the newest event; '' when there is none. */
  last(): Promise<string>;
  /** Calls back for every event after `after`, in order, until the returned function is called. */
  subscribe(after: string, listener: (event: LoggedEvent) => void): () => void;
}
