import type { Call } from '../call/call';
import type { SipOutcome } from '../call/call-snapshot';

/** What became of the second party that a call was bridged to: `left` when it hung up and the call goes on without it. */
export interface BridgeOutcome {
  readonly outcome: 'bridged' | 'failed' | 'left';
  readonly to: string;
  /** How the second party refused. */
  readonly sip?: SipOutcome;
}

/** Runs in the mailbox of the call, in the same step that stores the outcome. */
export type BridgeListener = (call: Call, outcome: BridgeOutcome) => void;

/** Who takes the next step when a call was bridged, or could not be. */
export class OnBridged {
  private readonly listeners: BridgeListener[] = [];

  listen(listener: BridgeListener): void {
    this.listeners.push(listener);
  }

  tell(call: Call, outcome: BridgeOutcome): void {
    for (const listener of this.listeners) listener(call, outcome);
  }
}
