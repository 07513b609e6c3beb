import type { Call } from '../call/call';
import { owe, openMedia, settle, tryNextMediaServer } from '../media-control/media-session';
import { joinConnections } from '../media-control/join-connections';
import { sdpBody } from '../media-control/session-description';
import type { ConnectAnchoredAction } from './connect-anchored.machine';
import { connected } from './connected';
import { cancelledByCaller, failAs, failForWantOfMedia, giveUpRinging } from './fail-connecting';
import { identityForCaller } from './caller-identity';
import { inviteParty } from './invite-party';
import { relayProvisional } from './relay-provisional';
import { leaveTarget, tryNextTarget } from './try-next-target';

export const connectAnchoredActions: Readonly<Record<ConnectAnchoredAction, (call: Call) => void>> = {
  'acknowledge caller media': (call) => call.usage('caller media')?.acknowledge(),
  'invite caller': (call) => {
    owe(call, 'caller media');
    inviteParty(call, 'caller', call.snapshot.descriptions['caller media']);
  },
  'note caller alerting': (call) => call.move('alerting'),
  'settle caller media': (call) => {
    call.usage('caller')?.acknowledge();
    settle(call, 'caller media', call.snapshot.descriptions.caller ?? '');
  },
  'get callee offer': (call) => {
    if (call.snapshot.direction === 'inbound' && call.snapshot.descriptions.caller === undefined) {
      owe(call, 'caller media');
    }
    openMedia(call, 'callee');
  },
  'invite callee': (call) => {
    owe(call, 'callee media');
    inviteParty(call, 'callee', call.snapshot.descriptions['callee media']);
  },
  'relay provisional': (call) => relayProvisional(call),
  'settle callee media': (call) => {
    call.usage('callee')?.acknowledge();
    settle(call, 'callee media', call.snapshot.descriptions.callee ?? '');
  },
  join: (call) => joinConnections(call),
  'answer caller': (call) => {
    if (call.snapshot.direction === 'outbound') return;
    const body = sdpBody(call.snapshot.descriptions['caller media'] ?? '');
    call.usage('caller')?.accept(body, identityForCaller(call));
  },
  connect: (call) => connected(call),
  'try next media server': (call) => tryNextMediaServer(call, 'caller', offerOfCaller(call)),
  'try next caller': (call) => tryNextTarget(call, 'caller'),
  'try next callee': (call) => tryNextTarget(call, 'callee'),
  'leave caller': (call) => leaveTarget(call, 'caller'),
  'leave callee': (call) => leaveTarget(call, 'callee'),
  'fail as caller': (call) => failAs(call, 'caller'),
  'fail as callee': (call) => failAs(call, 'callee'),
  'fail for want of media': (call) => failForWantOfMedia(call),
  cancel: (call) => cancelledByCaller(call),
  'give up ringing': (call) => giveUpRinging(call),
};

const offerOfCaller = (call: Call) =>
  call.snapshot.direction === 'inbound' ? call.snapshot.descriptions.caller : undefined;
