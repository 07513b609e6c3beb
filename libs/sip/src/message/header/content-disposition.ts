import { readTokenWithParams } from './token-with-params';

/** Content-Disposition (RFC 3261 §20.11, RFC 5621 §8). */
export interface ContentDisposition {
  /** session, render, info-package …, in lower case. */
  readonly type: string;
  /** What to do with a body that is not understood; required unless it says otherwise. */
  readonly handling: 'required' | 'optional';
}

/** undefined when malformed. */
export function decodeContentDisposition(text: string): ContentDisposition | undefined {
  const read = readTokenWithParams(text);
  if (!read) return undefined;
  const optional = read.params.get('handling')?.toLowerCase() === 'optional';
  return { type: read.token.toLowerCase(), handling: optional ? 'optional' : 'required' };
}

export const encodeContentDisposition = (value: ContentDisposition): string =>
  value.handling === 'optional' ? `${value.type};handling=optional` : value.type;
