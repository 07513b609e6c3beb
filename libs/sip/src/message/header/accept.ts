import type { Headers } from '../headers';
import { decodeContentType } from './content-type';
import { decodeQValue } from './q-value';

/** One media range of Accept (RFC 3261 §20.1). */
export interface AcceptRange {
  /** type/subtype in lower case, a star for either. */
  readonly mediaType: string;
  readonly q: number;
}

/**
 * What a message accepts: without the header, application/sdp alone; with an empty one, nothing (§20.1). A malformed range
 * is left out.
 */
export function decodeAccept(headers: Headers): AcceptRange[] {
  if (!headers.has('Accept')) return [{ mediaType: 'application/sdp', q: 1 }];
  const ranges: AcceptRange[] = [];
  for (const value of headers.getAll('Accept')) {
    const range = decodeContentType(value);
    if (range) ranges.push({ mediaType: range.mediaType, q: decodeQValue(range.params.get('q')) ?? 1 });
  }
  return ranges;
}

/** True when a range takes the media type (lower case, without parameters). */
export function accepts(ranges: readonly AcceptRange[], mediaType: string): boolean {
  const family = `${mediaType.slice(0, mediaType.indexOf('/'))}/*`;
  const best = [mediaType, family, '*/*'].map((wanted) => ranges.find((range) => range.mediaType === wanted));
  return (best.find((range) => range !== undefined)?.q ?? 0) > 0;
}

export const encodeAccept = (mediaTypes: readonly string[]): string => mediaTypes.join(', ');
