import type { DigestAlgorithm, Ha1ByAlgorithm } from './digest-algorithm';
import { DIGEST_ALGORITHMS, digestHash } from './digest-algorithm';

/** Quality of protection: `auth-int` covers the body too (RFC 7616 §3.3). */
export type Qop = 'auth' | 'auth-int';

/** What a digest is made of besides the secret. */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** The algorithm is a `-sess` one. */
  readonly isSession?: boolean;
  readonly method: string;
  /** The `uri` parameter as it stands in the credentials. */
  readonly uri: string;
  readonly nonce: string;
  /** Absent: RFC 2069's form, without nc and cnonce. */
  readonly qop?: Qop;
  readonly cnonce?: string;
  /** Eight hexadecimal digits. */
  readonly nc?: string;
  readonly body: Uint8Array;
}

/** H(user:realm:password), which stands for the password in its realm (RFC 7616 §3.4.2). */
export const ha1Of = (algorithm: DigestAlgorithm, user: string, realm: string, password: string): string =>
  digestHash(algorithm, `${user}:${realm}:${password}`);

/** The HA1 of every algorithm, so that the password need not be kept. */
export function allHa1(user: string, realm: string, password: string): Ha1ByAlgorithm {
  const pairs = DIGEST_ALGORITHMS.map((algorithm) => [algorithm, ha1Of(algorithm, user, realm, password)]);
  return Object.fromEntries(pairs) as Ha1ByAlgorithm;
}

/** The `response` parameter in lower-case hexadecimal (RFC 7616 §3.4.1, RFC 3261 §22.4). */
export function digestResponse(ha1: string, input: DigestInput): string {
  const { algorithm, method, uri, nonce, qop, cnonce = '', nc = '', body } = input;
  const secret = input.isSession ? digestHash(algorithm, `${ha1}:${nonce}:${cnonce}`) : ha1;
  const entity = qop === 'auth-int' ? `:${digestHash(algorithm, body)}` : '';
  const a2 = digestHash(algorithm, `${method}:${uri}${entity}`);
  const between = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`;
  return digestHash(algorithm, `${secret}:${between}:${a2}`);
}
