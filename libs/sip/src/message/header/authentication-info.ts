import { decodeAuthParams } from './auth-params';

/** Authentication-Info (RFC 3261 §20.6, RFC 7616 §3.5): lower-case names, values without quotes; undefined when malformed. */
export const decodeAuthenticationInfo = (text: string): ReadonlyMap<string, string> | undefined =>
  // The same list as a challenge's, but without a scheme in front.
  decodeAuthParams(`info ${text}`)?.params;
