import type { Call } from '../call/call';
import { isOwed, owe, settle } from '../media-control/media-session';
import type { ConnectDirectAction } from './connect-direct.machine';
import { connected } from './connected';
import { cancelledByCaller, failAs } from './fail-connecting';
import { identityForCaller } from './caller-identity';
import { inviteParty } from './invite-party';
import { finalDescription } from './relay-prack';
import { relayProvisional } from './relay-provisional';
import { leaveTarget, tryNextTarget } from './try-next-target';

/** Whether the caller is somebody we called, not one who called us. */
const callerWasInvited = (call: Call) => call.snapshot.direction === 'outbound';

export const connectDirectActions: Readonly<Record<ConnectDirectAction, (call: Call) => void>> = {
  'invite caller': (call) => inviteParty(call, 'caller'),
  'invite callee': (call) => {
    if (callerWasInvited(call)) owe(call, 'caller');
    inviteParty(call, 'callee', call.snapshot.descriptions.caller);
  },
  'note caller alerting': (call) => call.move('alerting'),
  'relay provisional': (call) => relayProvisional(call),
  'answer caller': (call) => {
    if (callerWasInvited(call)) settle(call, 'caller', call.snapshot.descriptions.callee ?? '');
    else call.usage('caller')?.accept(finalDescription(call), identityForCaller(call));
  },
  'acknowledge callee': (call) => {
    // Without an offer of the caller the callee's 2xx carries it, and its answer comes in the caller's ACK.
    if (call.snapshot.descriptions.caller === undefined) owe(call, 'callee');
    else call.usage('callee')?.acknowledge();
  },
  connect: (call) => connected(call),
  'try next caller': (call) => tryNextTarget(call, 'caller'),
  'try next callee': (call) => tryNextTarget(call, 'callee'),
  'leave caller': (call) => leaveTarget(call, 'caller'),
  'leave callee': (call) => leaveTarget(call, 'callee'),
  'fail as caller': (call) => failAs(call, 'caller'),
  'fail as callee': (call) => failAs(call, 'callee'),
  cancel: (call) => cancelledByCaller(call),
};

/** The ACK of a delayed offer carries the answer for the other side. */
export function passDelayedAnswer(call: Call, answer: string): void {
  const debtor = call.snapshot.mode === 'direct' ? 'callee' : 'caller media';
  if (isOwed(call, debtor) || call.snapshot.parked.includes(debtor)) settle(call, debtor, answer);
}
