import { contactExpires } from '../message/header/contact';
import type { NameAddr } from '../message/name-addr';
import type { RegistrarRules } from './registrar-rules';

const HOUR_S = 3600;

/** Seconds that a Contact asks for: its parameter, else the Expires header, else the registrar's choice (RFC 3261 §10.3 step 7). */
export const requestedSeconds = (
  contact: NameAddr,
  headerS: number | undefined,
  rules: RegistrarRules,
): number => contactExpires(contact) ?? headerS ?? rules.defaultExpiresS;

/** Whether a wish gets 423: neither a removal nor an hour or more, and below the minimum. */
export const isTooBrief = (seconds: number, { minExpiresS }: RegistrarRules): boolean =>
  seconds > 0 && seconds < HOUR_S && seconds < minExpiresS;

/** What is granted of a wish that is not too brief. */
export const grantedSeconds = (seconds: number, { maxExpiresS }: RegistrarRules): number =>
  Math.min(seconds, maxExpiresS);
