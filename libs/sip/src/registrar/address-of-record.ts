import { bracketed, comparableHost } from '../message/ipv6-address';
import { escapeUser, SipUri } from '../message/sip-uri';
import { comparableText } from '../message/uri-comparison';

const MAX_CHARACTERS = 256;

/**
 * The address-of-record of a URI in canonical form (RFC 3261 §10.3 step 5): no parameters, no password, escapes undone where they
 * change nothing, the host in lower case. undefined when the URI is neither sip: nor sips:, has no user, or is too long.
 * Deviates from RFC 3261 §10.3: the port goes too, because clients register with it and are called without. A sips: address
 * is the sip: one (RFC 5630 §3.3: both name the same resource).
 */
export function addressOfRecord(uri: SipUri): string | undefined {
  if (uri.scheme !== 'sip' && uri.scheme !== 'sips') return undefined;
  if (uri.user === undefined || uri.host === '') return undefined;
  const text = uri.userText;
  const user = text === undefined ? comparableText(uri.user) : escapeUser(text);
  const host = uri.host.includes(':') ? bracketed(comparableHost(uri.host)) : uri.host.toLowerCase();
  const aor = `sip:${user}@${host}`;
  return aor.length > MAX_CHARACTERS ? undefined : aor;
}

/** The same from text; undefined when that is no URI. */
export function parseAddressOfRecord(text: string): string | undefined {
  const uri = SipUri.parse(text);
  return uri && addressOfRecord(uri);
}

/** The host part of a canonical address-of-record. */
export const domainOf = (aor: string): string => aor.slice(aor.indexOf('@') + 1);

/** The user part of a canonical address-of-record, unescaped; as it stands when its bytes are not UTF-8. */
export function userOf(aor: string): string {
  const uri = SipUri.parse(aor);
  return uri?.userText ?? uri?.user ?? '';
}
