import { decimal } from '../characters';

/** RSeq (RFC 3262 §7.1): 1 to 2^32 - 1; undefined when malformed. */
export function decodeRSeq(text: string): number | undefined {
  const value = decimal(text);
  return value === 0 ? undefined : value;
}

export const encodeRSeq = (value: number): string => String(value);
