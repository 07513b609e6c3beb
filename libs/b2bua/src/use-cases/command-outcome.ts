import type { Call } from '../call/call';
import type { CommandSnapshot } from '../call/call-snapshot';

/** Why a command that was accepted could not be carried out; `code` is of the catalogue of failures. */
export interface CommandFailure {
  readonly code: string;
  readonly detail: string;
}

/** The command that the use case which has just ended was to carry out, if an application asked for it. */
export function takeCommand(call: Call): CommandSnapshot | undefined {
  const { command } = call.snapshot;
  delete call.snapshot.command;
  return command;
}

/** Tells the application that a command came to nothing. */
export function failCommand(call: Call, command: CommandSnapshot | undefined, error: CommandFailure): void {
  if (command) call.log('command.failed', { command_id: command.id, command: command.name, error });
}
