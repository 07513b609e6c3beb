import type { SipResponse } from '@legato/sip';
import { contactQ, decodeContacts, decodeRetryAfter, reasonPhrase, SipUri } from '@legato/sip';
import type { Call } from '../call/call';
import type { LegRole, SipOutcome } from '../call/call-snapshot';
import type { CallTarget } from '../ports/route-table';

/** Redirections of one party. */
const MAX_REDIRECTIONS = 5;

/** Whether a target could not do its work, which says nothing of the party behind it. */
export const isFailure = (status: number): boolean => status === 408 || (status >= 500 && status < 600);

/**
 * A party's target refused. Its trunk learns of a failure; a redirection that its trunk may make adds targets to be tried, and is
 * then no refusal: true.
 */
export function isRedirected(
  call: Call,
  leg: LegRole,
  status: number,
  response: SipResponse | undefined,
): boolean {
  const { trunks } = call.runtime;
  const { account, requestUri } = call.usage(leg)?.state ?? {};
  if (!trunks || account === undefined || requestUri === undefined) return false;
  if (isFailure(status)) trunks.reportFailure(requestUri, status, retryAfterMs(response));
  if (status >= 400 || !response || !trunks.followsRedirects(account)) return false;
  return addTargets(call, leg, redirections(response, requestUri, account));
}

function retryAfterMs(response: SipResponse | undefined): number | undefined {
  const seconds = decodeRetryAfter(response?.headers.get('Retry-After') ?? '')?.seconds;
  return seconds === undefined ? undefined : seconds * 1000;
}

/** The Contacts of a 3xx in the order of their q. The credentials of the trunk stay with its own host. */
function redirections(response: SipResponse, from: string, account: string): CallTarget[] {
  const contacts = decodeContacts(response.headers)?.contacts ?? [];
  const host = SipUri.parse(from)?.host.toLowerCase();
  return [...contacts]
    .sort((a, b) => contactQ(b) - contactQ(a))
    .flatMap((contact) => {
      // A Request-URI has no header part (RFC 3261 §19.1.1).
      const [uri = ''] = contact.uri.split('?');
      const target = SipUri.parse(uri);
      if (target?.scheme !== 'sip' && target?.scheme !== 'sips') return [];
      return [target.host.toLowerCase() === host ? { uri, account } : { uri }];
    });
}

/** None twice: two servers that redirect to each other come to an end (RFC 3261 §8.1.3.4). */
function addTargets({ snapshot }: Call, leg: LegRole, targets: readonly CallTarget[]): boolean {
  const known = snapshot.redirections?.[leg] ?? [];
  const fresh = targets.filter(({ uri }) => !known.includes(uri)).slice(0, MAX_REDIRECTIONS - known.length);
  if (fresh.length === 0) return false;
  snapshot.redirections = { ...snapshot.redirections, [leg]: [...known, ...fresh.map(({ uri }) => uri)] };
  const rest = snapshot.targets?.[leg] ?? [];
  snapshot.targets = { ...snapshot.targets, [leg]: [...fresh, ...rest] };
  return true;
}

/** Statuses that are about how we asked, not about what the caller did (RFC 3261 §8.1.3.5, RFC 3329 §2.3.1). */
const BETWEEN_US: Readonly<Record<number, number>> = {
  401: 403,
  407: 403,
  494: 403,
  416: 502,
  420: 502,
  421: 502,
};

/**
 * What the caller is told of a party's refusal. A challenge, a redirection or an extension that is asked for is a matter between
 * us and that party: the caller could not act on it. A 494 wants a security agreement, which we make with nobody.
 */
export function toldToCaller(outcome: SipOutcome): SipOutcome {
  const { status } = outcome;
  const instead = status < 400 ? 480 : BETWEEN_US[status];
  return instead === undefined ? outcome : { status: instead, reason: reasonPhrase(instead) };
}
