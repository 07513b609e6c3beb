import { decimal } from '../characters';

/** The shortest interval anyone may ask for, in seconds (RFC 4028 §5). */
export const SMALLEST_MIN_SE_SECONDS = 90;

/** Min-SE (RFC 4028 §5) in seconds; parameters are extensions and not looked at. undefined when malformed. */
export function decodeMinSE(text: string): number | undefined {
  const semicolon = text.indexOf(';');
  return decimal((semicolon < 0 ? text : text.slice(0, semicolon)).trimEnd());
}

export const encodeMinSE = (seconds: number): string => String(seconds);
