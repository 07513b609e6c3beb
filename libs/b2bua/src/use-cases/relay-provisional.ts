import type { Call } from '../call/call';
import { identityForCaller } from './caller-identity';
import { sdpBody } from '../media-control/session-description';

/** The callee's early description, if the caller may have it: not when another place may answer in the end. */
function earlyDescription({ snapshot }: Call): string | undefined {
  const { lastProvisional, descriptions, mode, targets, ring } = snapshot;
  const mayChange = ring !== undefined || (targets?.callee?.length ?? 0) > 0;
  return mode === 'direct' && lastProvisional?.hasDescription && !mayChange ? descriptions.callee : undefined;
}

/**
 * Passes on that the callee rings. Only a direct call passes its early media: in an anchored one the callee's
 * session description belongs to the media server.
 */
export function relayProvisional(call: Call): void {
  const { lastProvisional, direction } = call.snapshot;
  if (lastProvisional === undefined || lastProvisional.status <= 100) return;
  const early = earlyDescription(call);
  call.move(early === undefined ? 'alerting' : 'early media');
  if (direction === 'outbound') return;
  const body = early === undefined ? undefined : sdpBody(early);
  call.usage('caller')?.provisional(lastProvisional.status, body, identityForCaller(call));
}
