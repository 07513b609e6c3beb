import type { SipRequest } from '../message/sip-request';
import { SipUri } from '../message/sip-uri';
import type { UserCredentials } from './credential-store';

/** Stands for "whoever it is" in an anonymous call (RFC 3323 §4.1.1.3). */
const ANONYMOUS_HOST = 'anonymous.invalid';

/**
 * Whether a user may send this request under the name that it bears: To of a REGISTER (RFC 3261 §10.3 step 4), From of everything
 * else. An anonymous From names nobody.
 */
export function maySendAs({ user, identities = [user] }: UserCredentials, request: SipRequest): boolean {
  if (identities.includes('*')) return true;
  const isRegister = request.method === 'REGISTER';
  const claimed = SipUri.parse(isRegister ? request.to.uri : request.from.uri);
  if (!claimed) return false;
  if (!isRegister && claimed.host.toLowerCase() === ANONYMOUS_HOST) return true;
  return identities.includes(claimed.userText ?? '');
}
