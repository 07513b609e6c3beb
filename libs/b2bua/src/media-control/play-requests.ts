import type { MomlPlay, MsmlOperation } from '@legato/msml';
import type { PromptSource } from './prompt-source';
import { promptContent } from './prompt-source';

/** Shadow variables that a finished play reports (RFC 5707 §9.7.1). */
const REPORTED = 'play.amt play.end';

/** Play until it is stopped. */
export const FOREVER = -1;

/** What is played, and how. */
export interface PlayOptions {
  readonly sources: readonly PromptSource[];
  /** How often; {@link FOREVER} until it is stopped. */
  readonly loop: number;
  /** Pause between two rounds, in milliseconds. */
  readonly intervalMs?: number;
  /** A digit of the party ends it. */
  readonly barge: boolean;
}

/** How the dialogs of one piece of media work are called: one name on each of its targets, `conn:…` or `conf:…`. */
export interface DialogNames {
  readonly targets: readonly string[];
  readonly name: string;
}

/** Starts the play as a dialog of its own on each target (RFC 5707 §9.7.1). */
export function playOperations({ targets, name }: DialogNames, options: PlayOptions): MsmlOperation[] {
  const { loop, intervalMs, barge, sources } = options;
  const play: MomlPlay = {
    element: 'play',
    iterate: loop === FOREVER ? 'forever' : String(loop),
    ...(intervalMs === undefined ? {} : { interval: `${intervalMs}ms` }),
    barge,
    // What was keyed before must not end it.
    cleardb: barge,
    ...promptContent(sources),
    playexit: [{ element: 'exit', namelist: REPORTED }],
  };
  return targets.map((target) => ({
    element: 'dialogstart',
    target,
    type: 'application/moml+xml',
    name,
    content: [play],
  }));
}

/** Ends the dialogs; what they have to report follows (RFC 5707 §9.6.2). */
export function endOperations({ targets, name }: DialogNames): MsmlOperation[] {
  return targets.map((target) => ({ element: 'dialogend', id: `${target}/dialog:${name}` }));
}
