import type { MsmlOperation, MsmlStream } from '@legato/msml';
import type { CallSnapshot, LegRole } from '../call/call-snapshot';

/** Whose audio has to go where at the media server. */
export interface PartyAudio {
  /** MSML's names of the connections; a party that is not there has none. */
  readonly connections: Partial<Record<LegRole, string>>;
  /** `conf:…`: the parties are in a conference instead of joined with each other. */
  readonly conference?: string;
  /** The parties do not hear each other. */
  readonly held: boolean;
  /** Parties whom the other does not hear. */
  readonly muted: readonly LegRole[];
}

/** What lies between two objects, seen from the first. */
interface Pair {
  readonly id1: string;
  readonly id2: string;
  readonly forth: boolean;
  readonly back: boolean;
}

/** What an application wants of the parties of a call. */
export const wishesOf = ({ hold, muted }: CallSnapshot): Pick<PartyAudio, 'held' | 'muted'> => ({
  held: hold?.state === 'holding' || hold?.state === 'held',
  muted: muted ?? [],
});

function pairsOf({ connections, conference, held, muted }: PartyAudio): Pair[] {
  const { caller, callee } = connections;
  if (caller === undefined) return [];
  const speaks = (leg: LegRole) => !muted.includes(leg);
  if (conference === undefined) {
    if (callee === undefined || held) return [];
    return [{ id1: caller, id2: callee, forth: speaks('caller'), back: speaks('callee') }];
  }
  // On hold the caller stays: a conference without anybody would go, and its recording with it.
  const pairs = [{ id1: caller, id2: conference, forth: speaks('caller'), back: true }];
  if (callee !== undefined && !held) {
    pairs.push({ id1: callee, id2: conference, forth: speaks('callee'), back: true });
  }
  return pairs;
}

/** What is to be added or taken away; undefined when it is nothing. No `streams` mean both directions (RFC 5707 §8.8, §8.10). */
function streamsOf(forth: boolean, back: boolean): { streams?: MsmlStream[] } | undefined {
  if (forth && back) return {};
  if (!forth && !back) return undefined;
  return { streams: [{ media: 'audio', dir: forth ? 'from-id1' : 'to-id1' }] };
}

/** The operations that lead from one order of things to another; what ends goes first. */
export function audioChanges(before: PartyAudio, after: PartyAudio): MsmlOperation[] {
  const [old, now] = [pairsOf(before), pairsOf(after)];
  const same = (pairs: readonly Pair[], { id1, id2 }: Pair) =>
    pairs.find((other) => other.id1 === id1 && other.id2 === id2);
  const ended = old.flatMap((pair): MsmlOperation[] => {
    const { id1, id2, forth, back } = pair;
    const kept = same(now, pair);
    const streams = streamsOf(forth && !kept?.forth, back && !kept?.back);
    return streams ? [{ element: 'unjoin', id1, id2, ...streams }] : [];
  });
  const begun = now.flatMap((pair): MsmlOperation[] => {
    const { id1, id2, forth, back } = pair;
    const had = same(old, pair);
    const streams = streamsOf(forth && !had?.forth, back && !had?.back);
    return streams ? [{ element: 'join', id1, id2, ...streams }] : [];
  });
  return [...ended, ...begun];
}
