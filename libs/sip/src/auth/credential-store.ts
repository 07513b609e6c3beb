import type { Ha1ByAlgorithm } from './digest-algorithm';

/** What a user may do at most; without a number there is no limit. */
export interface CallLimits {
  /** Calls at the same time. */
  readonly calls?: number;
  /** What a number that it dials begins with. */
  readonly prefixes?: readonly string[];
  /** Longest call, in seconds. */
  readonly durationS?: number;
}

/** A user of a realm as the server knows it: no password, only what stands for it. */
export interface UserCredentials {
  readonly user: string;
  readonly ha1: Ha1ByAlgorithm;
  /** User parts that this user may call itself in From, or register in To; `*` for any. Default its own name. */
  readonly identities?: readonly string[];
  readonly limits?: CallLimits;
}

/** Who may authenticate. */
export interface CredentialStore {
  /** undefined for a user that nobody knows. */
  find(realm: string, user: string): UserCredentials | undefined;
}
