import type { Call } from '../call/call';
import type { MediaFailure } from '../media-control/dialog-report';

/** What became of a play, a collection or a recording. */
export interface FinishedMediaWork {
  readonly kind: 'play' | 'collect' | 'recording';
  readonly id: string;
  /** The state that it ended in. */
  readonly outcome: string;
  /** What a collection matched. A sensitive one tells it here and nowhere else: it must not be stored. */
  readonly digits?: string;
  readonly error?: MediaFailure;
}

/** Runs in the mailbox of the call, in the same step that stores the outcome. */
export type MediaWorkListener = (call: Call, work: FinishedMediaWork) => void;

/** Who takes the next step when media work of a call is finished. */
export class MediaWorkListeners {
  private readonly listeners: MediaWorkListener[] = [];

  register(listener: MediaWorkListener): void {
    this.listeners.push(listener);
  }

  tell(call: Call, work: FinishedMediaWork): void {
    for (const listener of this.listeners) listener(call, work);
  }
}
