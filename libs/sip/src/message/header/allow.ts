import type { Headers } from '../headers';

/** The methods of Allow (RFC 3261 §20.5), case kept; undefined when the message does not say (which allows nothing to be concluded). */
export const decodeAllow = (headers: Headers): string[] | undefined =>
  headers.has('Allow') ? headers.getAll('Allow') : undefined;

export const encodeAllow = (methods: readonly string[]): string => methods.join(', ');
