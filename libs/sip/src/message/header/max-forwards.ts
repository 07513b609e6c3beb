import { decimal } from '../characters';

/** Hops left, 0 to 255 (RFC 3261 §20.22); undefined when malformed. */
export const decodeMaxForwards = (text: string): number | undefined => decimal(text, 255);

export const encodeMaxForwards = (hops: number): string => String(hops);
