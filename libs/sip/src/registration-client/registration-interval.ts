import type { IdSource } from '@legato/kernel';
import { decodeContacts, contactExpires } from '../message/header/contact';
import { decodeExpires } from '../message/header/expires';
import { decodeRetryAfter } from '../message/header/retry-after';
import type { SipResponse } from '../message/sip-response';
import { SipUri } from '../message/sip-uri';

/** RFC 5626 §4.5: the first wait, and the longest. */
const BASE_MS = 30_000;
const MAX_MS = 1_800_000;
const MAX_RETRY_AFTER_MS = 3_600_000;
/** How often a wait can double before it is longer than the longest. */
const MAX_DOUBLINGS = 6;

/** 0 up to 1, evenly. */
const random = (ids: IdSource): number => parseInt(ids.token(4), 16) / 2 ** 32;

/** How long to wait after so many failures in a row: half to all of a time that doubles, at least what the server asked for. */
export function backOffMs(failures: number, response: SipResponse | undefined, ids: IdSource): number {
  const upperMs = Math.min(MAX_MS, BASE_MS * 2 ** Math.min(failures, MAX_DOUBLINGS));
  const text = response?.headers.get('Retry-After');
  const asked = text === undefined ? undefined : decodeRetryAfter(text);
  const askedMs = Math.min(MAX_RETRY_AFTER_MS, (asked?.seconds ?? 0) * 1000);
  return Math.max(askedMs, upperMs * (0.5 + random(ids) / 2));
}

/** When to refresh: at 75 to 85 % of the interval, so that many clients do not come at once and a failed try can be repeated. */
export const refreshAfterMs = (expiresS: number, ids: IdSource): number =>
  expiresS * 1000 * (0.75 + random(ids) / 10);

/**
 * The interval that a 2xx grants our Contact in seconds (RFC 3261 §10.2.4): of the Contact that is ours, else the Expires header.
 * undefined when it lists bindings and ours is not among them.
 */
export function grantedSeconds(response: SipResponse, contact: string, askedS: number): number | undefined {
  const header = response.headers.get('Expires');
  const common = header === undefined ? askedS : decodeExpires(header);
  const contacts = decodeContacts(response.headers)?.contacts ?? [];
  if (contacts.length === 0) return common;
  const own = SipUri.parse(contact);
  const listed = contacts.find(({ sipUri }) => own !== undefined && sipUri?.equals(own));
  return listed && (contactExpires(listed) ?? common);
}
