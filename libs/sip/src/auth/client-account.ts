import { allHa1 } from './digest';
import type { Ha1ByAlgorithm } from './digest-algorithm';

/** Credentials of ours at somebody else's server: for one realm, and for no other. */
export interface ClientAccount {
  /** Several accounts of one name: the same peer asks in several realms. */
  readonly name: string;
  readonly realm: string;
  readonly user: string;
  /** Algorithms without HA1 are not answered. */
  readonly ha1: Ha1ByAlgorithm;
}

/** An account from a password, which is not kept. */
export function accountFromPassword(account: {
  readonly name: string;
  readonly realm: string;
  readonly user: string;
  readonly password: string;
}): ClientAccount {
  const { name, realm, user, password } = account;
  return { name, realm, user, ha1: allHa1(user, realm, password) };
}
