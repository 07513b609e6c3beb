import { createHash } from 'node:crypto';

/** Hash functions of digest authentication (RFC 8760 §2.1). */
export type DigestAlgorithm = 'MD5' | 'SHA-256' | 'SHA-512-256';

/** Strongest first. */
export const DIGEST_ALGORITHMS: readonly DigestAlgorithm[] = ['SHA-512-256', 'SHA-256', 'MD5'];

/** One HA1 per algorithm, in lower-case hexadecimal. */
export type Ha1ByAlgorithm = Readonly<Partial<Record<DigestAlgorithm, string>>>;

const HASHES: Readonly<Record<DigestAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** Hexadecimal digits of a digest. */
export const DIGEST_LENGTHS: Readonly<Record<DigestAlgorithm, number>> = {
  MD5: 32,
  'SHA-256': 64,
  'SHA-512-256': 64,
};

/** An `algorithm` parameter: `-sess` hashes nonce and cnonce into A1 (RFC 7616 §3.4.2). */
export interface AlgorithmToken {
  readonly algorithm: DigestAlgorithm;
  readonly isSession: boolean;
}

/** undefined for a token that we do not know. */
export function readAlgorithm(token: string): AlgorithmToken | undefined {
  const isSession = /-sess$/i.test(token);
  const name = (isSession ? token.slice(0, -'-sess'.length) : token).toUpperCase();
  const algorithm = DIGEST_ALGORITHMS.find((known) => known === name);
  return algorithm && { algorithm, isSession };
}

/** H() of RFC 7616 §3.3 in lower-case hexadecimal; text counts as UTF-8. */
export function digestHash(algorithm: DigestAlgorithm, data: string | Uint8Array): string {
  return createHash(HASHES[algorithm]).update(data).digest('hex');
}
