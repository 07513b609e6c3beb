/** The sixteen DTMF events by their code (RFC 4733 §3.2, table 3). */
const DIGITS = '0123456789*#ABCD';
const PAYLOAD_BYTES = 4;
const END_BIT = 0x80;

/** Volume of a digit of ours unless another is named, in -dBm0, and the least that can be said (RFC 4733 §2.3.4). */
const DEFAULT_LEVEL_DBM0 = -10;
const LEAST_LEVEL_DBM0 = -63;

/** The longest duration of one event packet, in timestamp units (RFC 4733 §2.5.1.3). */
export const LONGEST_DURATION = 0xffff;

/** One telephone-event payload (RFC 4733 §2.3); refilled by {@link readTelephoneEvent}. */
export class TelephoneEvent {
  event = 0;
  end = false;
  /** Timestamp units. */
  duration = 0;
}

/** Reads the first event block of `payload[start..end)`; false when it is shorter. Never throws. */
export function readTelephoneEvent(
  payload: Uint8Array,
  start: number,
  end: number,
  into: TelephoneEvent,
): boolean {
  if (end - start < PAYLOAD_BYTES || end > payload.length) return false;
  into.event = payload[start] as number;
  into.end = ((payload[start + 1] as number) & END_BIT) !== 0;
  into.duration = ((payload[start + 2] as number) << 8) | (payload[start + 3] as number);
  return true;
}

/** Writes a payload to `payload[at..]`; returns its 4 bytes. */
export function writeTelephoneEvent(
  payload: Uint8Array,
  at: number,
  event: number,
  end: boolean,
  duration: number,
  levelDbm0 = DEFAULT_LEVEL_DBM0,
): number {
  const shown = Math.min(duration, LONGEST_DURATION);
  payload[at] = event;
  payload[at + 1] = (end ? END_BIT : 0) | Math.round(-Math.max(LEAST_LEVEL_DBM0, Math.min(0, levelDbm0)));
  payload[at + 2] = shown >>> 8;
  payload[at + 3] = shown;
  return PAYLOAD_BYTES;
}

/** The digit of an event code; undefined for events that are no DTMF (flash, tones). */
export function digitOfEvent(event: number): string | undefined {
  return DIGITS[event];
}

/** The event code of a digit, in upper or lower case; -1 for what is no DTMF digit. */
export function eventOfDigit(digit: string): number {
  return digit.length === 1 ? DIGITS.indexOf(digit.toUpperCase()) : -1;
}
