import type { FlowOutcome } from '@legato/flows';
import type { DigitPattern, MsmlOperation } from '@legato/msml';
import { matchDigits, matchesAfterPause, parseDigitPattern } from '@legato/msml';

/** The pattern that a request waits for. */
function patternIn([start]: readonly MsmlOperation[]): DigitPattern | undefined {
  const [collect] = start?.element === 'dialogstart' ? start.content : [];
  const [wanted] = collect?.element === 'collect' ? (collect.pattern ?? []) : [];
  const pattern = parseDigitPattern(wanted?.digits ?? '');
  return pattern.ok ? pattern.value : undefined;
}

/** As many digits as may be: only the key that says "done" is missing, and nobody waits for it for ever. */
const isFull = (pattern: DigitPattern, keys: readonly string[]): boolean =>
  pattern.kind === 'length' && pattern.returnKey !== undefined && keys.length === pattern.max;

/** What a media server makes of the keys that a caller presses after a request to collect (RFC 5707 §9.7.5). */
export function outcomeOfKeys(pressed: string, request: readonly MsmlOperation[]): FlowOutcome {
  const pattern = patternIn(request);
  if (!pattern) return { outcome: 'failed' };
  const keys: string[] = [];
  for (const key of pressed) {
    keys.push(key);
    const match = matchDigits(pattern, keys);
    if (match === 'match') return { outcome: 'matched', digits: keys.join('') };
    if (match === 'nomatch') return { outcome: 'no_match' };
  }
  if (keys.length === 0) return { outcome: 'no_input' };
  const isEnough = isFull(pattern, keys) || matchesAfterPause(pattern, keys);
  return isEnough ? { outcome: 'matched', digits: pressed } : { outcome: 'no_match' };
}
