import type { MomlCollect, MsmlOperation } from '@legato/msml';
import type { PromptSource } from './prompt-source';
import { promptContent } from './prompt-source';

/** Shadow variables that a finished collection reports: of a collect, too, they are called dtmf (RFC 5707 §9.7.5). */
const REPORTED = 'dtmf.digits dtmf.end';

/** Which digits are waited for: a template such as `xx#`, or so many to so many, with a key that says "done". */
export type CollectedDigits =
  { readonly pattern: string } | { readonly min: number; readonly max: number; readonly term?: string };

/** What is collected, and how; times in milliseconds. */
export interface CollectOptions {
  readonly digits: CollectedDigits;
  readonly prompt: readonly PromptSource[];
  /** A digit ends the prompt. */
  readonly barge: boolean;
  readonly firstDigitMs: number;
  readonly interDigitMs: number;
}

/** The pattern as moml+digits (RFC 5707 §9.7.5.2); templates are understood by more media servers than settings. */
function patternOf(digits: CollectedDigits): string {
  if ('pattern' in digits) return digits.pattern;
  const { min, max, term } = digits;
  if (min === max && term === undefined) return 'x'.repeat(max);
  return `min=${min};max=${max}${term === undefined ? '' : `;rtk=${term}`}`;
}

/** Collects digits from a connection, after a prompt (RFC 5707 §9.7.5). */
export function collectOperations(
  { target, name }: { readonly target: string; readonly name: string },
  { digits, prompt, barge, firstDigitMs, interDigitMs }: CollectOptions,
): MsmlOperation[] {
  const hasPrompt = prompt.length > 0;
  const collect: MomlCollect = {
    element: 'collect',
    cleardb: true,
    fdt: `${firstDigitMs}ms`,
    idt: `${interDigitMs}ms`,
    edt: `${interDigitMs}ms`,
    // After a prompt the media server starts the timer itself (§9.7.5.1).
    ...(hasPrompt ? {} : { starttimer: true }),
    ...(hasPrompt ? { play: [{ element: 'play', barge, cleardb: barge, ...promptContent(prompt) }] } : {}),
    pattern: [{ digits: patternOf(digits), content: [] }],
    noinput: { content: [] },
    nomatch: { content: [] },
    dtmfexit: [{ element: 'exit', namelist: REPORTED }],
  };
  return [{ element: 'dialogstart', target, type: 'application/moml+xml', name, content: [collect] }];
}
