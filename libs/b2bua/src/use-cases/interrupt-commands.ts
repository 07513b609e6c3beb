import type { Call } from '../call/call';
import { failCommand, takeCommand } from './command-outcome';
import { loseDigits } from './send-digits';

const ENDED = 'The call has ended';

/** The call ends: what an application has asked for and not got yet comes to nothing. */
export function interruptCommands(call: Call): void {
  loseDigits(call, ENDED);
  const { hold } = call.snapshot;
  const command = takeCommand(call) ?? hold?.command;
  failCommand(call, command, { code: 'interrupted', detail: ENDED });
  delete hold?.command;
}
