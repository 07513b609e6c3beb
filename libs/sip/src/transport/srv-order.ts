import type { SrvRecord } from './resolver';

/** Picks one of `records`, each with a chance in proportion to its weight; those of weight 0 almost never while others are there. */
function pick(records: readonly SrvRecord[], random: () => number): SrvRecord | undefined {
  const sum = records.reduce((total, each) => total + each.weight, 0);
  let left = Math.floor(random() * (sum + 1));
  // Weight 0 stands first, so that it is only hit by the draw of 0 (RFC 2782).
  for (const each of [...records].sort((a, b) => Math.min(a.weight, 1) - Math.min(b.weight, 1))) {
    left -= each.weight;
    if (left <= 0) return each;
  }
  return records[0];
}

/** SRV records in the order to be tried: by priority, within one by weighted chance (RFC 2782, RFC 3263 §4.3). `random` is in [0, 1). */
export function srvOrder(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const ordered: SrvRecord[] = [];
  const left = [...records].sort((a, b) => a.priority - b.priority);
  while (left.length > 0) {
    const group = left.filter((each) => each.priority === left[0]?.priority);
    const chosen = pick(group, random);
    if (!chosen) break;
    ordered.push(chosen);
    left.splice(left.indexOf(chosen), 1);
  }
  return ordered;
}
