/** One verb of `legato`. */
export interface Command {
  /** The words that call it, such as `recording verify`. */
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** Answers the exit code. Throws {@link UsageError} for arguments that make no sense. */
  run(args: readonly string[]): Promise<number>;
}

/** The arguments make no sense; the message says which and why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** 0: everything passed. 1: something did not. 2: the command was not understood. 3: the other side can not be reached. */
export const EXIT = { passed: 0, failed: 1, usage: 2, unreachable: 3 } as const;
