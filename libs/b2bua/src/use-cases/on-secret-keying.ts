import type { Call } from '../call/call';
import type { CollectId } from '../call/collect-snapshot';

/** Both run in the mailbox of the call. */
export interface SecretKeyingListener {
  /** May be told again; answers by {@link unheardInConference} when the collection can begin. */
  begins(call: Call, collect: CollectId): void;
  ends(call: Call, collect: CollectId): void;
}

/** Who keeps others than the media server from hearing what a party keys in a sensitive collection. */
export class OnSecretKeying {
  private readonly listeners: SecretKeyingListener[] = [];

  listen(listener: SecretKeyingListener): void {
    this.listeners.push(listener);
  }

  begins(call: Call, collect: CollectId): void {
    for (const listener of this.listeners) listener.begins(call, collect);
  }

  ends(call: Call, collect: CollectId): void {
    for (const listener of this.listeners) listener.ends(call, collect);
  }
}
