import { BACKSLASH, decimal, isDigitCode, skipBlanks } from '../characters';
import { Params } from '../params';

const OPEN = 0x28;
const CLOSE = 0x29;

/** Retry-After (RFC 3261 §20.33). */
export interface RetryAfter {
  readonly seconds: number;
  /** Seconds the service will stay up from then on. */
  readonly durationSeconds?: number;
}

/** The position behind a comment, nested ones included, or -1. */
function commentEnd(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === OPEN) depth++;
    else if (code === CLOSE && --depth === 0) return i + 1;
  }
  return -1;
}

/** undefined when malformed. */
export function decodeRetryAfter(text: string): RetryAfter | undefined {
  let end = 0;
  while (end < text.length && isDigitCode(text.charCodeAt(end))) end++;
  const seconds = decimal(text.slice(0, end));
  let at = skipBlanks(text, end);
  if (text.charCodeAt(at) === OPEN) at = commentEnd(text, at);
  const params = at < 0 ? undefined : Params.parse(text, at);
  if (seconds === undefined || !params) return undefined;
  const durationSeconds = decimal(params.get('duration') ?? '');
  return durationSeconds === undefined ? { seconds } : { seconds, durationSeconds };
}

export const encodeRetryAfter = (value: RetryAfter): string =>
  value.durationSeconds === undefined
    ? String(value.seconds)
    : `${value.seconds};duration=${value.durationSeconds}`;
