import type { Headers } from '../headers';

/** The option tags of Require, Proxy-Require, Supported or Unsupported (RFC 3261 §19.2), in order, in lower case. */
export const decodeOptionTags = (
  headers: Headers,
  name: 'Require' | 'Proxy-Require' | 'Supported' | 'Unsupported',
): string[] => headers.getAll(name).map((tag) => tag.toLowerCase());

/** Those of `required` that are not in `supported`: the Unsupported of a 420 (RFC 3261 §8.2.2.3). */
export function unsupportedTags(required: readonly string[], supported: readonly string[]): string[] {
  const known = new Set(supported.map((tag) => tag.toLowerCase()));
  return required.filter((tag) => !known.has(tag.toLowerCase()));
}

export const encodeOptionTags = (tags: readonly string[]): string => tags.join(', ');
