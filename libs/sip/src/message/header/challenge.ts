import type { AuthParams } from './auth-params';
import { decodeAuthParams, encodeAuthParams } from './auth-params';

/** A Digest challenge of WWW-Authenticate or Proxy-Authenticate (RFC 3261 §20.44, RFC 7616 §3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  /** As it came; MD5 when absent. */
  readonly algorithm: string;
  /** What is offered, in lower case: `auth`, `auth-int`; empty for an RFC 2069 challenge. */
  readonly qop: readonly string[];
  readonly opaque?: string;
  /** The nonce is old but the password was right: answer without asking anyone (RFC 7616 §3.3). */
  readonly stale: boolean;
  readonly domain?: string;
}

/** Any scheme; undefined when malformed. */
export const decodeChallenge = (text: string): AuthParams | undefined => decodeAuthParams(text);

/** undefined when malformed, of another scheme, or without realm or nonce. */
export function decodeDigestChallenge(text: string): DigestChallenge | undefined {
  const read = decodeAuthParams(text);
  if (read?.scheme.toLowerCase() !== 'digest') return undefined;
  const { params } = read;
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  if (realm === undefined || nonce === undefined) return undefined;
  const opaque = params.get('opaque');
  const domain = params.get('domain');
  return {
    realm,
    nonce,
    algorithm: params.get('algorithm') ?? 'MD5',
    qop: (params.get('qop') ?? '')
      .toLowerCase()
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
    stale: params.get('stale')?.toLowerCase() === 'true',
    ...(opaque === undefined ? {} : { opaque }),
    ...(domain === undefined ? {} : { domain }),
  };
}

/** qop is quoted in a challenge. Throws TypeError when a value has control characters. */
export function encodeDigestChallenge(challenge: DigestChallenge): string {
  const params = new Map<string, string>([['realm', challenge.realm]]);
  if (challenge.domain !== undefined) params.set('domain', challenge.domain);
  params.set('nonce', challenge.nonce);
  if (challenge.opaque !== undefined) params.set('opaque', challenge.opaque);
  if (challenge.stale) params.set('stale', 'true');
  params.set('algorithm', challenge.algorithm);
  if (challenge.qop.length > 0) params.set('qop', challenge.qop.join(','));
  return encodeAuthParams({ scheme: 'Digest', params });
}
