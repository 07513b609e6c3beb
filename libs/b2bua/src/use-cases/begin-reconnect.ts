import type { Call } from '../call/call';

/** Asks the parties to exchange media themselves: to move an anchored call back, or to end the hold of a direct one. */
export function beginReconnect(call: Call): void {
  call.begin('reconnect-direct', 'Getting caller offer');
  call.usage('caller')?.reinvite();
}
