import type { IdSource } from '@legato/kernel';
import type { DigestChallenge } from '../message/header/challenge';
import { decodeDigestChallenge } from '../message/header/challenge';
import { decodeDigestCredentials, encodeDigestCredentials } from '../message/header/credentials';
import type { SipResponse } from '../message/sip-response';
import type { HeaderList } from '../user-agent/usage-body';
import type { ClientAccount } from './client-account';
import type { AuthorizableRequest, ChallengedRequest, ClientAuthorizer } from './client-authorizer';
import type { Qop } from './digest';
import { digestResponse } from './digest';
import type { AlgorithmToken } from './digest-algorithm';
import { DIGEST_ALGORITHMS, readAlgorithm } from './digest-algorithm';

const KINDS = [
  { challenge: 'WWW-Authenticate', credentials: 'Authorization' },
  { challenge: 'Proxy-Authenticate', credentials: 'Proxy-Authorization' },
] as const;
type CredentialsHeader = (typeof KINDS)[number]['credentials'];

/** More challenges in one response than any path of proxies makes. */
const MAX_CHALLENGES = 16;
const CNONCE_BYTES = 16;

/** A challenge that we can answer. */
interface Answerable {
  readonly key: string;
  readonly header: CredentialsHeader;
  readonly account: ClientAccount;
  readonly challenge: DigestChallenge;
  readonly token: AlgorithmToken;
  readonly qop?: Qop;
}

interface Session extends Answerable {
  /** How often the nonce was used. */
  nc: number;
}

export interface DigestClientOptions {
  readonly accounts: readonly ClientAccount[];
  readonly ids: IdSource;
}

/** The client side of digest authentication (RFC 3261 §22.2, §22.3, RFC 7616, RFC 8760 §2.4). */
export class DigestClient implements ClientAuthorizer {
  /** The last challenge of each realm of each account: no more of them than accounts, twice. */
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly options: DigestClientOptions) {}

  authorize(challenge: SipResponse, request: ChallengedRequest): HeaderList | undefined {
    const { account, credentials = [] } = request;
    if (account === undefined || (challenge.status !== 401 && challenge.status !== 407)) return undefined;
    const asked = this.answerable(account, challenge);
    const isRefused = asked.some((each) => !each.challenge.stale && isAnswered(each, credentials));
    if (asked.length === 0 || isRefused) return undefined;
    for (const each of asked) this.remember(each);
    const keys = new Set(asked.map(({ key }) => key));
    // A proxy on the way that was content before wants its credentials again, and each use of a nonce has its own count.
    return this.fieldsOf(
      account,
      request,
      (session) => keys.has(session.key) || isAnswered(session, credentials),
    );
  }

  /** Credentials for a request that nobody has challenged yet, from what the account was asked last (RFC 3261 §22.3). */
  anticipate(account: string, request: AuthorizableRequest): HeaderList {
    return this.fieldsOf(account, request, () => true);
  }

  private fieldsOf(
    account: string,
    request: AuthorizableRequest,
    isWanted: (session: Session) => boolean,
  ): HeaderList {
    return [...this.sessions.values()]
      .filter((session) => session.account.name === account && isWanted(session))
      .map((session) => [session.header, this.credentials(session, request)] as const);
  }

  /** One challenge per header and realm: the strongest algorithm that we have an HA1 for. */
  private answerable(account: string, response: SipResponse): Answerable[] {
    const found = new Map<string, Answerable>();
    for (const { challenge: header, credentials } of KINDS) {
      for (const value of response.headers.getAll(header).slice(0, MAX_CHALLENGES)) {
        const candidate = this.candidate(account, credentials, value);
        if (!candidate) continue;
        const other = found.get(candidate.key);
        if (!other || rankOf(candidate) < rankOf(other)) found.set(candidate.key, candidate);
      }
    }
    return [...found.values()];
  }

  private candidate(name: string, header: CredentialsHeader, value: string): Answerable | undefined {
    const challenge = decodeDigestChallenge(value);
    const token = challenge && readAlgorithm(challenge.algorithm);
    const account = this.options.accounts.find(
      (each) => each.name === name && each.realm === challenge?.realm,
    );
    if (!challenge || !token || account?.ha1[token.algorithm] === undefined) return undefined;
    const key = JSON.stringify([name, header, challenge.realm]);
    if (challenge.qop.length === 0) return { key, header, account, challenge, token };
    const qop = (['auth', 'auth-int'] as const).find((each) => challenge.qop.includes(each));
    return qop && { key, header, account, challenge, token, qop };
  }

  /** The count goes on when the server gives the same nonce again. */
  private remember(asked: Answerable): void {
    const known = this.sessions.get(asked.key);
    const nc = known?.challenge.nonce === asked.challenge.nonce ? known.nc : 0;
    this.sessions.set(asked.key, { ...asked, nc });
  }

  private credentials(session: Session, { method, requestUri: uri, body }: AuthorizableRequest): string {
    const { account, challenge, token, qop } = session;
    const { nonce, realm, algorithm, opaque } = challenge;
    session.nc += 1;
    const cnonce = qop || token.isSession ? { cnonce: this.options.ids.token(CNONCE_BYTES) } : {};
    const counted = qop ? { qop, nc: session.nc.toString(16).padStart(8, '0') } : {};
    const fields = { nonce, uri, ...cnonce, ...counted };
    const response = digestResponse(account.ha1[token.algorithm] ?? '', {
      ...fields,
      ...token,
      method,
      body,
    });
    return encodeDigestCredentials({
      ...fields,
      username: account.user,
      realm,
      algorithm,
      response,
      ...(opaque === undefined ? {} : { opaque }),
    });
  }
}

const rankOf = ({ token }: Answerable): number => DIGEST_ALGORITHMS.indexOf(token.algorithm);

const isAnswered = ({ header, challenge }: Answerable, credentials: HeaderList): boolean =>
  credentials.some(
    ([name, value]) =>
      name.toLowerCase() === header.toLowerCase() &&
      decodeDigestCredentials(value)?.realm === challenge.realm,
  );
