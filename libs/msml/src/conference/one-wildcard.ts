import { parseObjectId } from '../core/object-id';
import type { DecodeContext } from '../schema/decode-context';

/** A wildcard may stand in one of the two ends of an operation, not in both (§8.9, §8.10). */
export function checkOneWildcard(
  { element, id1, id2 }: { element: string; id1: string; id2: string },
  context: DecodeContext,
): void {
  if (isWildcard(id1) && isWildcard(id2)) context.fail('410', `${element} has a wildcard in id1 and id2`);
}

function isWildcard(id: string): boolean {
  const parsed = parseObjectId(id);
  return parsed?.connection === '*' || parsed?.conference === '*';
}
