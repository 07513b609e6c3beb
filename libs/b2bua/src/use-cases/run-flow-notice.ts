import { applicationUrl } from '@legato/flows';
import type { Call } from '../call/call';
import type { FlowApplications } from '../ports/flow-applications';

/** Tells the application that had a call in hand how the call ended, when that is stored. */
export function tellEnd(call: Call, applications: FlowApplications): void {
  const { id, direction, from, to, endedReason, sip, flow } = call.snapshot;
  const url = flow?.document && applicationUrl(flow.document, flow.state);
  if (url === undefined) return;
  const ended = {
    ...(endedReason === undefined ? {} : { endedReason }),
    ...(sip === undefined ? {} : { sip }),
  };
  const end = {
    url,
    call: { id, direction, from, to, state: 'ended' as const, ...ended },
    last: flow?.state?.last ?? null,
    variables: flow?.state?.variables ?? {},
  };
  call.runtime.afterStored(id, () => applications.tell(end));
}
