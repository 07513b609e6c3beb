const FIRST_MS = 500;
const LONGEST_MS = 3_600_000;
const MAX_DOUBLINGS = 20;
/** A receiver may ask for patience, not for silence. */
const MAX_WISH_MS = LONGEST_MS;

/** How long to wait after attempt number `attempt`: doubling up to an hour, between a half and all of it by chance. */
export function backOff(attempt: number, random: () => number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, MAX_DOUBLINGS));
  return Math.round(whole / 2 + (whole / 2) * random());
}

/** What a Retry-After asks for (RFC 9110 §10.2.3), in milliseconds; 0 without one, an hour at most. */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  const ms = Number.isInteger(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(MAX_WISH_MS, Math.max(0, ms)) : 0;
}
