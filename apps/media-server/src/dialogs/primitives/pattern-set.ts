import type { CollectPattern, DigitPattern } from '@legato/msml';
import { matchDigits, matchesAfterPause, parseDigitPattern } from '@legato/msml';

/** How the digits so far stand to all patterns of a collection. */
export type Standing =
  | { readonly kind: 'match'; readonly index: number }
  /** As many digits as may be; only the return key can follow. */
  | { readonly kind: 'key may follow'; readonly index: number }
  | { readonly kind: 'partial' }
  | { readonly kind: 'nomatch' };

const waitsForKey = (pattern: DigitPattern, keyed: readonly string[]): boolean =>
  pattern.kind === 'length' && pattern.returnKey !== undefined && keyed.length === pattern.max;

/** The patterns of a collection, compared all at once (RFC 5707 §9.7.5); the first in the document wins. */
export class PatternSet {
  private readonly patterns: readonly DigitPattern[];

  constructor(patterns: readonly CollectPattern[]) {
    this.patterns = patterns.map(({ digits, format }) => {
      const parsed = parseDigitPattern(digits, format);
      // A pattern that can not be read was refused with 410 before.
      return parsed.ok ? parsed.value : { kind: 'digits', digits: '' };
    });
  }

  /** `keyed` has one entry for each key, `5L` for a long one. */
  standing(keyed: readonly string[]): Standing {
    const outcomes = this.patterns.map((pattern) => matchDigits(pattern, keyed));
    const index = outcomes.indexOf('match');
    if (index >= 0) return { kind: 'match', index };
    const waiting = this.patterns.findIndex(
      (pattern, at) => outcomes[at] === 'partial' && waitsForKey(pattern, keyed),
    );
    if (waiting >= 0) return { kind: 'key may follow', index: waiting };
    const hopeless = this.patterns.length > 0 && outcomes.every((outcome) => outcome === 'nomatch');
    return { kind: hopeless ? 'nomatch' : 'partial' };
  }

  /** The pattern that a pause after `keyed` completes, or -1. */
  afterPause(keyed: readonly string[]): number {
    return this.patterns.findIndex((pattern) => matchesAfterPause(pattern, keyed));
  }
}
