import type { SipResponse } from '../message/sip-response';
import type { HeaderList } from './usage-body';
import type { UsageContext } from './usage-context';

/** A second challenge may say `stale`; a third one means that the credentials are wrong. */
export const MAX_CHALLENGES = 2;

const CREDENTIALS: readonly string[] = ['authorization', 'proxy-authorization'];
const isCredential = ([name]: readonly [string, string]): boolean => CREDENTIALS.includes(name.toLowerCase());

/** Credentials stay in this process: no snapshot of a usage has them, because JSON leaves such a list out. */
const unstored = (headers: HeaderList): HeaderList =>
  Object.defineProperty([...headers], 'toJSON', { value: () => undefined });

/** The credentials for a 401 or 407, where the transaction user has some (RFC 3261 §22.2, §22.3); `before` are the fields that it had. */
export function credentialsFor(
  usage: UsageContext,
  challenge: SipResponse,
  requestUri: string,
  body: Uint8Array = Buffer.alloc(0),
  before?: HeaderList,
): HeaderList | undefined {
  if (challenge.status !== 401 && challenge.status !== 407) return undefined;
  const credentials = usage.output.authorize?.(challenge, {
    method: challenge.cseq.method,
    requestUri,
    body,
    account: usage.state.account,
    credentials: credentialsIn(before),
  });
  return credentials && unstored(credentials);
}

/** Header fields with these credentials in the place of those before. */
export const withCredentials = (headers: HeaderList | undefined, credentials: HeaderList): HeaderList =>
  unstored([...(headers ?? []).filter((header) => !isCredential(header)), ...credentials]);

/** The credentials of an INVITE, which the ACK of its 2xx carries as well (RFC 3261 §22.1). */
export const credentialsIn = (headers: HeaderList | undefined): HeaderList =>
  unstored((headers ?? []).filter(isCredential));
