import type { CallRecord } from '../ports/call-store';

/** Whose records stand in the store of the calls, and are taken over with them. */
export interface RestoredBeside {
  owns(id: string): boolean;
  takeUp(record: CallRecord): void;
  /** Tells the peers of what was another node's where it is now. */
  announce(id: string): void;
}
