import type { Ha1ByAlgorithm } from './digest-algorithm';

/** A user of a realm as the server knows it: no password, only what stands for it. */
export interface UserCredentials {
  readonly user: string;
  readonly ha1: Ha1ByAlgorithm;
  /** User parts that this user may call itself in From, or register in To; `*` for any. Default its own name. */
  readonly identities?: readonly string[];
}

/** Who may authenticate. */
export interface CredentialStore {
  /** undefined for a user that nobody knows. */
  find(realm: string, user: string): UserCredentials | undefined;
}
