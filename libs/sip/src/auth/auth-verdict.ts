import type { CallLimits } from './credential-store';

/** Who sent an authenticated request. */
export interface AuthenticatedUser {
  readonly user: string;
  readonly realm: string;
  readonly limits?: CallLimits;
}

/**
 * What the credentials of a request are worth.
 * `challenge`: there are none that we can use, 401 or 407. `rejected`: user or password are wrong, 401 or 407 again; which of the two is not told.
 * `stale`: right, but the nonce is too old or not ours; `replayed`: right, but its nonce count was used before: 401 or 407 with stale=true.
 * `forbidden`: right, but the user claims to be somebody else, 403. `unavailable`: the ledger does not answer, 503.
 */
export type AuthVerdict =
  | { readonly kind: 'authenticated'; readonly identity: AuthenticatedUser }
  | { readonly kind: 'challenge' }
  | { readonly kind: 'rejected'; readonly user: string }
  | { readonly kind: 'stale'; readonly user: string }
  | { readonly kind: 'replayed'; readonly user: string }
  | { readonly kind: 'forbidden'; readonly user: string }
  | { readonly kind: 'unavailable' };
