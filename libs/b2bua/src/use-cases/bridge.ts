import type { Call } from '../call/call';
import type { BridgeSnapshot, CallMode, Role } from '../call/call-snapshot';
import { RING_TIMER, mediaAnswerTimer, parkTimer } from '../call/call-timer-names';
import { joinConnections } from '../media-control/join-connections';
import { openMedia, owe, settle } from '../media-control/media-session';
import type { CallTarget } from '../ports/route-table';
import { beginToCallee } from './begin-call';
import type { BridgeAction } from './bridge.machine';
import { takeCommand } from './command-outcome';
import { failForWantOfMedia } from './fail-connecting';
import { inviteParty } from './invite-party';
import { leaveRing } from './ring-together';
import { leaveTarget, tryNextTarget } from './try-next-target';

const CALLEE_ROLES: readonly Role[] = ['callee', 'callee media'];

/** Where the second party is rung: its places when it is registered or behind a trunk. */
export interface BridgeRequest extends BridgeSnapshot {
  readonly targets?: readonly CallTarget[];
}

function noteBridge(call: Call, { to, ringTimeoutMs, stays, targets }: BridgeRequest): void {
  const { snapshot } = call;
  snapshot.bridge = { to, ringTimeoutMs, stays };
  if (targets) snapshot.targets = { ...snapshot.targets, callee: [...targets] };
}

/**
 * Calls a second party for a call of one party; the outcome is told by `call.bridged` or `call.bridge_failed`, and to
 * {@link OnBridged}. The call must be at the media server, alone, and nothing else under way in it.
 */
export function requestBridge(call: Call, request: BridgeRequest): void {
  noteBridge(call, request);
  call.begin('bridge', 'Getting callee offer');
  openMedia(call, 'callee');
}

/** Sends a caller that rings at an application on to a second party, as a route would have: its refusal is that of the call. */
export function bridgeUnanswered(call: Call, request: BridgeRequest, mode: CallMode): void {
  call.stopTimer(RING_TIMER);
  noteBridge(call, request);
  call.snapshot.mode = mode;
  beginToCallee(call);
}

export const bridgeActions: Readonly<Record<BridgeAction, (call: Call) => void>> = {
  'invite callee': (call) => {
    owe(call, 'callee media');
    inviteParty(call, 'callee', call.snapshot.descriptions['callee media']);
  },
  'settle callee media': (call) => {
    call.stopTimer(RING_TIMER);
    call.usage('callee')?.acknowledge();
    settle(call, 'callee media', call.snapshot.descriptions.callee ?? '');
  },
  join: (call) => joinConnections(call),
  'tell bridged': (call) => {
    const to = call.snapshot.bridge?.to ?? '';
    call.log('call.bridged', { to, command_id: takeCommand(call)?.id });
    call.runtime.onBridged.tell(call, { outcome: 'bridged', to });
    call.beginMediaWork();
  },
  'try next callee': (call) => tryNextTarget(call, 'callee'),
  'leave callee': (call) => leaveTarget(call, 'callee'),
  'give up callee': (call) => giveUpCallee(call),
  'fail for want of media': (call) => failForWantOfMedia(call),
};

function giveUpCallee(call: Call): void {
  const { bridge, refusals } = call.snapshot;
  const [to, sip] = [bridge?.to ?? '', refusals.callee];
  dropCallee(call);
  call.log('call.bridge_failed', { to, sip, command_id: takeCommand(call)?.id });
  call.runtime.onBridged.tell(call, { outcome: 'failed', to, ...(sip && { sip }) });
  call.beginMediaWork();
}

/** The second party has hung up, or is lost: true when the call goes on without it. */
export function leavesBridge(call: Call, role: Role): boolean {
  const { bridge, state } = call.snapshot;
  if (role !== 'callee' || !bridge?.stays || call.snapshot.answeredAt === undefined) return false;
  if (state === 'ending' || state === 'ended') return false;
  if (call.snapshot.procedure?.name === 'bridge') {
    call.snapshot.procedure = null;
    giveUpCallee(call);
    return true;
  }
  call.snapshot.procedure = null;
  dropCallee(call);
  delete call.snapshot.hold;
  delete call.snapshot.muted;
  call.move('resumed');
  call.log('call.unbridged', { to: bridge.to });
  call.runtime.onBridged.tell(call, { outcome: 'left', to: bridge.to });
  call.beginMediaWork();
  return true;
}

/** Lets go of the second party and its media; its dialogs end on their own. */
function dropCallee(call: Call): void {
  const { snapshot } = call;
  call.stopTimer(RING_TIMER);
  if (snapshot.ring?.leg === 'callee') leaveRing(call, 'call ends');
  for (const role of CALLEE_ROLES) {
    call.stopTimer(parkTimer(role));
    call.usage(role)?.bye();
    call.abandon(role);
    delete snapshot.sipCallIds[role];
  }
  call.stopTimer(mediaAnswerTimer('callee media'));
  const stays = (role: Role) => !CALLEE_ROLES.includes(role);
  snapshot.parked = snapshot.parked.filter(stays);
  snapshot.settling = snapshot.settling.filter(stays);
  snapshot.relays = snapshot.relays.filter(({ from, to }) => stays(from) && stays(to));
  delete snapshot.bridge;
  delete snapshot.lastProvisional;
  delete snapshot.mediaRefusal;
  delete snapshot.refusals.callee;
  delete snapshot.lastRefusals?.callee;
  delete snapshot.targets?.callee;
  if (snapshot.redirections) snapshot.redirections = { caller: snapshot.redirections.caller ?? [] };
}
