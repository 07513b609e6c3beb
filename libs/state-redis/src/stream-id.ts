/** A cursor of the event log: the id of an entry of a Redis stream, `milliseconds-number`. */
const STREAM_ID = /^(\d{1,15})-(\d{1,15})$/;

/** The cursor before the first event. */
export const BEFORE_FIRST = '0-0';

/** A cursor from outside as a stream id; what is none of ours is the oldest. */
export const streamId = (cursor: string): string => (STREAM_ID.test(cursor) ? cursor : BEFORE_FIRST);

/** Whether the entry `a` lies after `b` in the stream. Both must be stream ids. */
export function isAfter(a: string, b: string): boolean {
  const [aMs, aNumber] = a.split('-').map(Number) as [number, number];
  const [bMs, bNumber] = b.split('-').map(Number) as [number, number];
  return aMs > bMs || (aMs === bMs && aNumber > bNumber);
}
