import type { Flow, HeaderList, Headers } from '@legato/sip';
import { NameAddr, SipUri, splitCommaList } from '@legato/sip';
import type { Call } from '../call/call';
import type { CallSnapshot, PartyIdentity } from '../call/call-snapshot';
import type { CallTarget } from '../ports/route-table';

/** RFC 3323 §4.1.1.3: whom nobody is to know. */
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';

const asksFor = (privacy: string | undefined, what: string): boolean =>
  (privacy ?? '')
    .toLowerCase()
    .split(/[;\s]+/)
    .includes(what);

/**
 * The From that the callee sees: who calls, at our address, so that the caller's own host stays hidden; or nobody, when the
 * caller asks for that (RFC 3323 §5.3).
 */
export function fromOfUs({ from, callerIdentity }: CallSnapshot, address: string): string {
  if (asksFor(callerIdentity?.privacy, 'user')) return ANONYMOUS;
  const caller = NameAddr.parse(from);
  const user = SipUri.parse(caller?.uri ?? '')?.user;
  const uri = `<sip:${user === undefined ? '' : `${user}@`}${address}>`;
  return caller?.displayName ? `"${caller.displayName.replace(/["\\]/g, '\\$&')}" ${uri}` : uri;
}

/** A SIP and a tel URI (RFC 3325 §9.1). */
const MAX_ASSERTED = 2;
const ASSERTED = 'P-Asserted-Identity';

interface Speaker {
  readonly headers: Headers;
  readonly flow?: Flow;
}

/** Who a message says sent it: kept when a peer says so that is trusted to have checked it (RFC 3325 §5). */
export function identityIn(call: Call, { headers, flow }: Speaker): PartyIdentity | undefined {
  const privacy = headers.get('Privacy');
  const isTrusted = flow !== undefined && call.runtime.isTrustedPeer(flow.remote.host);
  const said = isTrusted ? headers.getAll(ASSERTED).flatMap(splitCommaList) : [];
  const asserted = said.filter((value) => NameAddr.parse(value) !== undefined).slice(0, MAX_ASSERTED);
  if (privacy === undefined && asserted.length === 0) return undefined;
  return {
    ...(privacy !== undefined && { privacy }),
    ...(asserted.length > 0 && { asserted }),
  };
}

/** Whether an identity is not for everybody. Who is not to be known as the user is not to be known by an asserted name either. */
const isPrivate = (privacy: string | undefined): boolean =>
  asksFor(privacy, 'id') || asksFor(privacy, 'user');

/**
 * What one party is told of the identity of the other: the wish for privacy, and what a trusted peer has asserted, which leaves the
 * circle of trusted peers only when its owner does not mind. P-Preferred-Identity never goes on: it is between a telephone and
 * who authenticates it (RFC 3325 §5, §9.2).
 */
export function identityHeaders(identity: PartyIdentity | undefined, toTrusted: boolean): HeaderList {
  const { privacy, asserted = [] } = identity ?? {};
  const headers: [string, string][] = privacy === undefined ? [] : [['Privacy', privacy]];
  if (toTrusted || !isPrivate(privacy)) for (const value of asserted) headers.push([ASSERTED, value]);
  return headers;
}

/** Whether the place is one of the trusted peers. */
export function leadsToTrusted({ runtime }: Call, { uri, flow, path = [], isTrusted }: CallTarget): boolean {
  if (isTrusted) return true;
  if (flow) return runtime.isTrustedPeer(flow.remote.host);
  const hop = SipUri.parse(path[0] === undefined ? uri : (NameAddr.parse(path[0])?.uri ?? ''));
  return hop !== undefined && !hop.params.has('maddr') && runtime.isTrustedPeer(hop.host);
}

/** What the caller is told of who rings or answers. */
export function identityForCaller(call: Call): HeaderList {
  const host = call.usage('caller')?.state.dialog?.flow?.remote.host;
  const { calleeIdentity } = call.snapshot;
  if (!calleeIdentity || host === undefined) return [];
  return identityHeaders(calleeIdentity, call.runtime.isTrustedPeer(host));
}
