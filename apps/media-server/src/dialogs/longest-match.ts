/**
 * What `event` does: the entry of the longest of its prefixes that is an event of the table, taken whole tokens at a time
 * (RFC 5707 §9.3): `terminate.frowning` acts as `terminate`.
 */
export function longestMatch<Handler>(
  table: Readonly<Record<string, Handler>>,
  event: string,
): Handler | undefined {
  for (let name = event; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    if (Object.hasOwn(table, name)) return table[name];
  }
  return undefined;
}
