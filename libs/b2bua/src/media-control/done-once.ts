/** Requests that start what parties hear or what is recorded: `play start …`. */
const DONE_ONCE: readonly string[] = ['play start ', 'record start '];

/**
 * Whether a request must not be carried out a second time, although its answer was lost with a process: the media server may have
 * done with it since, and would begin anew.
 */
export const isDoneOnce = (token: string): boolean => DONE_ONCE.some((verb) => token.startsWith(verb));
