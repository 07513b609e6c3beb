import type { Call } from '../call/call';

/** Runs in the mailbox of a call that goes on without the conference it was in. */
export type ConferenceLeftListener = (call: Call) => void;

/** Who goes on with a call that has left its conference. */
export class OnConferenceLeft {
  private readonly listeners: ConferenceLeftListener[] = [];

  listen(listener: ConferenceLeftListener): void {
    this.listeners.push(listener);
  }

  tell(call: Call): void {
    for (const listener of this.listeners) listener(call);
  }
}
