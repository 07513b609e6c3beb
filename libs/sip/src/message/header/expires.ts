import { isDigitCode } from '../characters';

/** What a malformed value stands for (RFC 3261 §20.10, §20.19). */
const MALFORMED_SECONDS = 3600;
const MAX_SECONDS = 0xffff_ffff;

/** Seconds; more than 2^32 - 1 counts as that (RFC 4475 §3.1.2.4), text that is no number as an hour. */
export function decodeDeltaSeconds(text: string): number {
  let seconds = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isDigitCode(code)) return MALFORMED_SECONDS;
    seconds = Math.min(MAX_SECONDS, seconds * 10 + code - 0x30);
  }
  return text === '' ? MALFORMED_SECONDS : seconds;
}

/** Expires (RFC 3261 §20.19) and Min-Expires (§20.23), in seconds. */
export function decodeExpires(text: string): number {
  return decodeDeltaSeconds(text);
}

export const encodeExpires = (seconds: number): string => String(Math.trunc(seconds));
