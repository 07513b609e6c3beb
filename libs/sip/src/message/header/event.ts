import type { Params } from '../params';
import { readTokenWithParams } from './token-with-params';

/** Event (RFC 6665 §8.2.1): package with its templates, and the id that tells subscriptions of one dialog apart. */
export interface EventValue {
  /** As it came: packages are case-sensitive (§4.4.1 compares byte for byte). */
  readonly package: string;
  readonly id?: string;
  readonly params: Params;
}

/** undefined when malformed. */
export function decodeEvent(text: string): EventValue | undefined {
  const read = readTokenWithParams(text);
  if (!read) return undefined;
  const id = read.params.get('id');
  return { package: read.token, params: read.params, ...(id === undefined ? {} : { id }) };
}

export const encodeEvent = (value: EventValue): string => value.package + value.params.toString();
