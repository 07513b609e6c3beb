import type { Call } from '../call/call';
import { sdpBody } from '../media-control/session-description';

/**
 * Passes on that the callee rings. Only a direct call passes its early media: in an anchored one the callee's
 * session description belongs to the media server.
 */
export function relayProvisional(call: Call): void {
  const { lastProvisional, descriptions, mode, direction } = call.snapshot;
  if (lastProvisional === undefined || lastProvisional.status <= 100) return;
  const early = mode === 'direct' && lastProvisional.hasDescription ? descriptions.callee : undefined;
  call.move(early === undefined ? 'alerting' : 'early media');
  if (direction === 'outbound') return;
  call.usage('caller')?.provisional(lastProvisional.status, early === undefined ? undefined : sdpBody(early));
}
