import type { Clock, IdSource } from '@legato/kernel';
import { timingSafeEqual } from 'node:crypto';
import { encodeDigestChallenge } from '../message/header/challenge';
import type { DigestCredentials } from '../message/header/credentials';
import { decodeDigestCredentials } from '../message/header/credentials';
import type { SipRequest } from '../message/sip-request';
import { SipUri } from '../message/sip-uri';
import type { AuthVerdict } from './auth-verdict';
import { maySendAs } from './claimed-identity';
import type { CredentialStore, UserCredentials } from './credential-store';
import type { Qop } from './digest';
import { digestResponse } from './digest';
import type { DigestAlgorithm } from './digest-algorithm';
import { DIGEST_ALGORITHMS, DIGEST_LENGTHS, readAlgorithm } from './digest-algorithm';
import type { NonceLedger } from './nonce-ledger';
import { NO_NONCE_COUNT } from './nonce-ledger';
import { NonceMint } from './nonce-mint';

/** A realm and what is offered in it. */
export interface DigestRealm {
  readonly realm: string;
  /** In any order: challenges are sent strongest first (RFC 8760 §2.3). */
  readonly algorithms: readonly DigestAlgorithm[];
  readonly qop: readonly Qop[];
}

export interface DigestServerOptions {
  /** The first one is for requests whose own domain is none of them. */
  readonly realms: readonly [DigestRealm, ...DigestRealm[]];
  readonly credentials: CredentialStore;
  readonly ledger: NonceLedger;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Of the nonces; nodes that share it take each other's. */
  readonly secret: string;
  /** Default 300,000. */
  readonly nonceLifetimeMs?: number;
}

/** Credentials that can be checked: of our realm, with an algorithm and a qop that we offer. */
interface Claim {
  readonly credentials: DigestCredentials;
  readonly algorithm: DigestAlgorithm;
  readonly qop?: Qop;
  readonly nc: number;
}

const NONCE_LIFETIME_MS = 300_000;
const HEADERS = ['Authorization', 'Proxy-Authorization'] as const;
/** More credentials than any client sends. */
const MAX_CREDENTIALS = 8;
const NONCE_COUNT = /^[0-9a-f]{8}$/i;

/** The server side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760). Keeps nothing but what its ledger keeps. */
export class DigestServer {
  private readonly mint: NonceMint;

  constructor(private readonly options: DigestServerOptions) {
    const { clock, ids, secret, nonceLifetimeMs: lifetimeMs = NONCE_LIFETIME_MS } = options;
    this.mint = new NonceMint({ clock, ids, secret, lifetimeMs });
  }

  /** WWW-Authenticate or Proxy-Authenticate values with a fresh nonce, the strongest algorithm first. */
  challenges(request: SipRequest, stale: boolean): string[] {
    const { realm, algorithms, qop } = this.realmOf(request);
    const nonce = this.mint.mint(realm);
    return DIGEST_ALGORITHMS.filter((algorithm) => algorithms.includes(algorithm)).map((algorithm) =>
      encodeDigestChallenge({ realm, nonce, algorithm, qop, stale }),
    );
  }

  /** What the credentials in a request are worth. Never rejects. */
  async verify(request: SipRequest): Promise<AuthVerdict> {
    const realm = this.realmOf(request);
    const ours = credentialsOf(request).filter((each) => each.realm === realm.realm);
    const claim = ours.map((each) => claimOf(each, realm)).find((each) => each !== undefined);
    // Some clients send credentials without contents at first (3GPP TS 24.229 §5.1.1.2): the nonce is wrong, nothing else.
    if (!claim)
      return ours.some(({ nonce }) => nonce === '') ? { kind: 'stale', user: '' } : { kind: 'challenge' };
    const { username: user } = claim.credentials;
    const known = this.options.credentials.find(realm.realm, user);
    if (!digestFits(claim, known, request) || !known || !isForUri(claim.credentials, request)) {
      return { kind: 'rejected', user };
    }
    return this.spendNonce(claim, known, request);
  }

  private async spendNonce(claim: Claim, known: UserCredentials, request: SipRequest): Promise<AuthVerdict> {
    const { realm, nonce } = claim.credentials;
    const { user } = known;
    const check = this.mint.check(nonce, realm);
    if (check.state !== 'fresh') return { kind: 'stale', user };
    try {
      if (!(await this.options.ledger.use(check.id, claim.nc, check.expiresInMs))) {
        return { kind: 'replayed', user };
      }
    } catch {
      return { kind: 'unavailable' };
    }
    if (!maySendAs(known, request)) return { kind: 'forbidden', user };
    const { limits } = known;
    return { kind: 'authenticated', identity: { user, realm, ...(limits && { limits }) } };
  }

  /** By the domain that the request is from; a REGISTER by the domain that it is for. */
  private realmOf(request: SipRequest): DigestRealm {
    const { realms } = this.options;
    const uri = SipUri.parse(request.method === 'REGISTER' ? request.to.uri : request.from.uri);
    const domain = uri?.host.toLowerCase();
    return realms.find(({ realm }) => realm.toLowerCase() === domain) ?? realms[0];
  }
}

function credentialsOf({ headers }: SipRequest): DigestCredentials[] {
  const values = HEADERS.flatMap((name) => headers.getAll(name)).slice(0, MAX_CREDENTIALS);
  return values.map(decodeDigestCredentials).filter((each) => each !== undefined);
}

/** undefined when something that the digest is made of is missing, or was not offered: a client must not choose for us. */
function claimOf(credentials: DigestCredentials, offered: DigestRealm): Claim | undefined {
  const token = readAlgorithm(credentials.algorithm);
  if (!token || token.isSession || !offered.algorithms.includes(token.algorithm)) return undefined;
  if (credentials.nonce === '' || credentials.response === '') return undefined;
  const { algorithm } = token;
  // Without qop: a client of RFC 2069, or one that left it out.
  if (credentials.qop === undefined) return { credentials, algorithm, nc: NO_NONCE_COUNT };
  const qop = offered.qop.find((each) => each === credentials.qop?.toLowerCase());
  const { cnonce, nc = '' } = credentials;
  if (!qop || cnonce === undefined || !NONCE_COUNT.test(nc)) return undefined;
  return { credentials, algorithm, qop, nc: parseInt(nc, 16) };
}

/** Takes as long for a user that nobody knows as for a wrong password. */
function digestFits(claim: Claim, known: UserCredentials | undefined, request: SipRequest): boolean {
  const { algorithm, credentials, qop } = claim;
  const length = DIGEST_LENGTHS[algorithm];
  const expected = digestResponse(known?.ha1[algorithm] ?? '0'.repeat(length), {
    algorithm,
    method: request.method,
    uri: credentials.uri,
    nonce: credentials.nonce,
    ...(qop && { qop, cnonce: credentials.cnonce, nc: credentials.nc }),
    body: request.body,
  });
  const given = Buffer.from(credentials.response.toLowerCase());
  const fits = given.length === length && timingSafeEqual(given, Buffer.from(expected));
  return fits && known?.ha1[algorithm] !== undefined;
}

/**
 * Credentials for one number do not open another. The host is not compared: proxies rewrite it, and some clients leave out the user
 * (RFC 3261 §22.4 item 4 leaves the comparison to the server).
 */
function isForUri({ uri }: DigestCredentials, request: SipRequest): boolean {
  const user = SipUri.parse(uri)?.userText;
  return user === undefined || user === request.uri?.userText;
}
