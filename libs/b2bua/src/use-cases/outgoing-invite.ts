import type { OutgoingInvite } from '@legato/sip';
import type { Call } from '../call/call';
import type { CallTarget } from '../ports/route-table';
import { fromOfUs, identityHeaders, leadsToTrusted } from './caller-identity';

/** The INVITE that calls `party` at one of its places. */
export function outgoingInvite(call: Call, party: string, target: CallTarget): OutgoingInvite {
  const { snapshot, runtime } = call;
  const { uri, flow, path = [], account } = target;
  return {
    requestUri: uri,
    target: flow,
    routeSet: path.length > 0 ? [...path] : undefined,
    account,
    from: fromOfUs(snapshot, runtime.address),
    to: `<${target.to ?? party}>`,
    contact: `<sip:${runtime.address}>`,
    headers: [
      ['Max-Forwards', String(snapshot.maxForwards)],
      ...identityHeaders(snapshot.callerIdentity, leadsToTrusted(call, target)),
    ],
  };
}
