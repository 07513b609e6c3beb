import type { OutgoingInvite } from '@legato/sip';
import type { Call } from '../call/call';
import type { CallTarget } from '../ports/route-table';
import { fromOfUs, identityHeaders } from './caller-identity';

/** The INVITE that calls `party` at one of its places. */
export function outgoingInvite(
  { snapshot, runtime }: Call,
  party: string,
  target: CallTarget,
): OutgoingInvite {
  return {
    ...wayTo(target),
    from: fromOfUs(snapshot, runtime.address),
    to: `<${target.to ?? party}>`,
    contact: `<sip:${runtime.address}>`,
    headers: [['Max-Forwards', String(snapshot.maxForwards)], ...identityHeaders(snapshot)],
  };
}

/** How an INVITE gets to a place. */
function wayTo({ uri, flow, path = [], account }: CallTarget) {
  return {
    requestUri: uri,
    ...(flow && { target: flow }),
    ...(path.length > 0 && { routeSet: [...path] }),
    ...(account !== undefined && { account }),
  };
}
