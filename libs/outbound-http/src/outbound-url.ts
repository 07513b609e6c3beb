import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { isIP } from 'node:net';
import type { AddressPolicy } from './address-policy';

const SCHEMES = ['https:', 'http:'];
const MAX_CHARACTERS = 2048;

/** The host of a URL without the brackets of an IPv6 literal. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/**
 * A URL that may be called for somebody else, or why not. The WHATWG parser brings every spelling of an IPv4 address
 * (`0x7f000001`, `127.1`, full-width digits) into its dotted form, so what is checked is what would be connected to. A
 * host name is checked when it is resolved, at connect.
 */
export function outboundUrl(text: string, policy: AddressPolicy): Result<URL, string> {
  if (text.length > MAX_CHARACTERS || !URL.canParse(text))
    return err('expected a URL of at most 2,048 characters');
  const url = new URL(text);
  if (!SCHEMES.includes(url.protocol)) return err('expected an https: or http: URL');
  if (url.username !== '' || url.password !== '') return err('must not carry a user name or a password');
  const host = bareHost(url);
  if (isIP(host) !== 0 && !policy.allows(host, host)) return err('is not a public address');
  return ok(url);
}
