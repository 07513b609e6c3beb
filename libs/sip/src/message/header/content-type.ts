import { isTokenCode, skipBlanks, SLASH } from '../characters';
import { Params } from '../params';

/** A media type and its parameters (RFC 3261 §20.15). */
export interface ContentType {
  /** `type/subtype` in lower case. */
  readonly mediaType: string;
  readonly params: Params;
}

function tokenEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && isTokenCode(text.charCodeAt(i))) i++;
  return i;
}

interface MediaTypeSpan {
  readonly mediaType: string;
  readonly end: number;
}

/** Reads `type / subtype`, blanks around the slash allowed, at the start of `text`. */
export function readMediaType(text: string): MediaTypeSpan | undefined {
  const start = skipBlanks(text, 0);
  const typeEnd = tokenEnd(text, start);
  const slash = skipBlanks(text, typeEnd);
  if (typeEnd === start || text.charCodeAt(slash) !== SLASH) return undefined;
  const subtype = skipBlanks(text, slash + 1);
  const end = tokenEnd(text, subtype);
  if (end === subtype) return undefined;
  return { mediaType: `${text.slice(start, typeEnd)}/${text.slice(subtype, end)}`.toLowerCase(), end };
}

/** The media type alone; parameters are not looked at. */
export const decodeMediaType = (text: string): string | undefined => readMediaType(text)?.mediaType;

/** undefined when malformed. */
export function decodeContentType(text: string): ContentType | undefined {
  const span = readMediaType(text);
  const params = span && Params.parse(text, span.end);
  return params && { mediaType: span.mediaType, params };
}

export const encodeContentType = (value: ContentType): string => value.mediaType + value.params.toString();
