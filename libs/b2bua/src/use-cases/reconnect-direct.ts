import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { MEDIA_ROLES, mediaOf } from '../call/call-snapshot';
import { parkTimer } from '../call/call-timer-names';
import { acknowledgeInactively, owe, settle } from '../media-control/media-session';
import { sdpBody } from '../media-control/session-description';
import { failCommand, takeCommand } from './command-outcome';
import { holdSettled } from './hold';
import type { ReconnectDirectAction } from './reconnect-direct.machine';
import { noteHold } from './relay-reinvite';

const noteMoved = (call: Call, leg: LegRole) => call.snapshot.procedure?.moved.push(leg);

/** Offers a party its media server again, where it had one and has been asked for something else. */
function giveBack(call: Call, leg: LegRole): void {
  const { descriptions, mode, procedure } = call.snapshot;
  const description = descriptions[mediaOf(leg)];
  if (mode === 'direct' || description === undefined || !procedure?.moved.includes(leg))
    call.trigger('not moved');
  else call.usage(leg)?.reinvite(sdpBody(description));
}

/** Tells the media server what the party has answered. */
function updateMedia(call: Call, leg: LegRole): void {
  const media = call.usage(mediaOf(leg));
  call.usage(leg)?.acknowledge();
  if (media) media.reinvite(sdpBody(call.snapshot.descriptions[leg] ?? ''));
  else call.trigger('not moved');
}

export const reconnectDirectActions: Readonly<Record<ReconnectDirectAction, (call: Call) => void>> = {
  'offer callee': (call) => {
    noteMoved(call, 'caller');
    owe(call, 'caller');
    call.usage('callee')?.reinvite(sdpBody(call.snapshot.descriptions.caller ?? ''));
  },
  'settle caller': (call) => {
    noteMoved(call, 'callee');
    call.usage('callee')?.acknowledge();
    settle(call, 'caller', call.snapshot.descriptions.callee ?? '');
  },
  'silence caller': (call) => {
    call.stopTimer(parkTimer('caller'));
    if (call.snapshot.parked.includes('caller'))
      call.snapshot.parked = call.snapshot.parked.filter((role) => role !== 'caller');
    else acknowledgeInactively(call, 'caller');
  },
  'tell reconnected': (call) => reconnected(call),
  'return caller': (call) => giveBack(call, 'caller'),
  'return callee': (call) => giveBack(call, 'callee'),
  'return caller media': (call) => updateMedia(call, 'caller'),
  'return callee media': (call) => updateMedia(call, 'callee'),
  'acknowledge caller media': (call) => call.usage('caller media')?.acknowledge(),
  'acknowledge callee media': (call) => call.usage('callee media')?.acknowledge(),
  'tell failed': (call) => failed(call),
};

function reconnected(call: Call): void {
  const { snapshot } = call;
  if (snapshot.mode === 'direct') {
    holdSettled(call);
    return;
  }
  snapshot.mode = 'direct';
  for (const role of MEDIA_ROLES) {
    call.usage(role)?.bye();
    call.abandon(role);
  }
  delete snapshot.mediaServer;
  delete snapshot.mediaDialect;
  delete snapshot.conference;
  call.log('call.moved', { mode: 'direct', command_id: takeCommand(call)?.id });
  noteHold(call);
  // What was asked for in the meantime takes it to the media server again.
  call.beginMediaWork();
}

function failed(call: Call): void {
  const error = { code: 'party_refused', detail: 'A party refused the re-INVITE' };
  if (call.snapshot.mode === 'direct') holdSettled(call, error);
  else if (MEDIA_ROLES.some((role) => !call.usage(role))) {
    call.end('media_lost', { status: 200, reason: 'Media server lost' });
  } else {
    failCommand(call, takeCommand(call), error);
    call.beginMediaWork();
  }
}
