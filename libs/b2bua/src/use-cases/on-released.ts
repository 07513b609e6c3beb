import type { CallSnapshot } from '../call/call-snapshot';

/** Runs when a call that begins to end is stored; what it needs of the call it has to take from the snapshot at once. */
export type ReleasedListener = (snapshot: CallSnapshot) => void;

/** Who has to know that calls let go of their media. */
export class OnReleased {
  private readonly listeners: ReleasedListener[] = [];

  listen(listener: ReleasedListener): void {
    this.listeners.push(listener);
  }

  tell(snapshot: CallSnapshot): void {
    for (const listener of this.listeners) listener(snapshot);
  }
}
