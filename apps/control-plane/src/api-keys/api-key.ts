import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may do what, by a key of which only the hash is known. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the key. */
  readonly hash: Buffer;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number;
}

/** What is known of whoever sent a request. */
export type Caller = Pick<ApiKey, 'id' | 'scopes'>;

export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Compares with every key, and hashes of equal length only: the time tells nothing. */
export function matching(keys: readonly ApiKey[], presented: Buffer): ApiKey | undefined {
  let found: ApiKey | undefined;
  for (const key of keys) {
    if (timingSafeEqual(key.hash, presented)) found = key;
  }
  return found;
}
