import type { HeaderList } from '@legato/sip';
import { NameAddr, SipUri } from '@legato/sip';
import type { CallSnapshot } from '../call/call-snapshot';

/** RFC 3323 §4.1.1.3: whom nobody is to know. */
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';

const asksFor = (privacy: string | undefined, what: string): boolean =>
  (privacy ?? '')
    .toLowerCase()
    .split(/[;\s]+/)
    .includes(what);

/**
 * The From that the callee sees: who calls, at our address, so that the caller's own host stays hidden; or nobody, when the
 * caller asks for that (RFC 3323 §5.3).
 */
export function fromOfUs({ from, privacy }: CallSnapshot, address: string): string {
  if (asksFor(privacy, 'user')) return ANONYMOUS;
  const caller = NameAddr.parse(from);
  const user = SipUri.parse(caller?.uri ?? '')?.user;
  const uri = `<sip:${user === undefined ? '' : `${user}@`}${address}>`;
  return caller?.displayName ? `"${caller.displayName.replace(/["\\]/g, '\\$&')}" ${uri}` : uri;
}

/**
 * What goes on of the caller's identity: the wish for privacy. P-Asserted-Identity and P-Preferred-Identity do not: neither
 * side of us is a trusted node (RFC 3325 §5).
 */
export const identityHeaders = ({ privacy }: CallSnapshot): HeaderList =>
  privacy === undefined ? [] : [['Privacy', privacy]];
