import type { NonceLedger } from '@legato/b2bua';
import type { Clock, IdSource, Log } from '@legato/kernel';
import { DigestServer } from '@legato/sip';
import { AddressList } from '@legato/sip-nest';
import type { SipAuthentication } from '@legato/sip-nest';
import type { Credentials } from './credentials-file';

/** What the configuration says of authentication. */
export interface AuthenticationConfig {
  /** Unset: nobody is asked who they are. */
  readonly credentials?: Credentials;
  readonly challengeStatus: 401 | 407;
  /** Of the nonces; unset: a random one, so that nonces end with the process. */
  readonly secret?: string;
}

export interface AuthenticationParts {
  readonly config: AuthenticationConfig;
  /** Addresses and ranges whose requests are not challenged. */
  readonly trusted: AddressList;
  readonly nonces: NonceLedger;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

const SECRET_BYTES = 32;

/** What the SIP guards of this node go by. */
export function createAuthentication(parts: AuthenticationParts): SipAuthentication {
  const { config, trusted, nonces: ledger, clock, ids, log } = parts;
  const { credentials, challengeStatus, secret = ids.token(SECRET_BYTES) } = config;
  const base = { challengeStatus, trusted, log };
  if (!credentials) return base;
  const { realms, store } = credentials;
  return { ...base, server: new DigestServer({ realms, credentials: store, ledger, clock, ids, secret }) };
}

/** For a node that asks nobody. */
export const openAuthentication = (log: Log): SipAuthentication => ({
  challengeStatus: 401,
  trusted: AddressList.EMPTY,
  log,
});
