import type { CallEvent, LoggedEvent } from '@legato/b2bua';

/** An entry as XRANGE and XREAD give it. */
export type StreamEntry = [id: string, fields: string[]];

/** The event of an entry; undefined for one that we did not write. */
export function toEvent([cursor, fields]: StreamEntry): LoggedEvent | undefined {
  const text = fields[0] === 'e' ? fields[1] : undefined;
  if (text === undefined) return undefined;
  try {
    return { ...(JSON.parse(text) as CallEvent), cursor };
  } catch {
    return undefined;
  }
}
