import type { Call } from '../call/call';

/** Runs in the mailbox of a call that another process left behind, when the call goes on. */
export type TakenUpListener = (call: Call) => void;

/** Who has something to go on with when a call is taken up. */
export class OnTakenUp {
  private readonly listeners: TakenUpListener[] = [];

  listen(listener: TakenUpListener): void {
    this.listeners.push(listener);
  }

  tell(call: Call): void {
    for (const listener of this.listeners) listener(call);
  }
}
