import type { Call } from '../call/call';
import type { LegRole } from '../call/call-snapshot';
import { MEDIA_ROLES, mediaOf, otherLeg } from '../call/call-snapshot';
import { joinConnections } from '../media-control/join-connections';
import { openMedia, owe, settle, tryNextMediaServer } from '../media-control/media-session';
import { sdpBody } from '../media-control/session-description';
import { failCommand, takeCommand } from './command-outcome';
import type { MoveToMediaAction } from './move-to-media.machine';
import { failMediaWork } from './media-work';

/** Offers the party what the media server offers. */
function reinvite(call: Call, leg: LegRole): void {
  const media = mediaOf(leg);
  owe(call, media);
  call.usage(leg)?.reinvite(sdpBody(call.snapshot.descriptions[media] ?? ''));
}

function settleMedia(call: Call, leg: LegRole): void {
  call.snapshot.procedure?.moved.push(leg);
  call.usage(leg)?.acknowledge();
  settle(call, mediaOf(leg), call.snapshot.descriptions[leg] ?? '');
}

/** Gives a party its old peer back. */
function giveBack(call: Call, leg: LegRole): void {
  const description = call.snapshot.descriptions[otherLeg(leg)];
  if (!call.snapshot.procedure?.moved.includes(leg) || description === undefined) call.trigger('not moved');
  else call.usage(leg)?.reinvite(sdpBody(description));
}

export const moveToMediaActions: Readonly<Record<MoveToMediaAction, (call: Call) => void>> = {
  're-INVITE caller': (call) => reinvite(call, 'caller'),
  're-INVITE callee': (call) => reinvite(call, 'callee'),
  'settle caller media': (call) => settleMedia(call, 'caller'),
  'settle callee media': (call) => settleMedia(call, 'callee'),
  'get callee offer': (call) => openMedia(call, 'callee'),
  join: (call) => joinConnections(call),
  'try next media server': (call) => tryNextMediaServer(call, 'caller'),
  'tell moved': (call) => {
    call.snapshot.mode = 'anchored';
    call.log('call.moved', { mode: 'anchored', command_id: takeCommand(call)?.id });
    call.beginMediaWork();
  },
  'return caller': (call) => giveBack(call, 'caller'),
  'return callee': (call) => giveBack(call, 'callee'),
  'acknowledge caller': (call) => call.usage('caller')?.acknowledge(),
  'acknowledge callee': (call) => call.usage('callee')?.acknowledge(),
  'release media': (call) => {
    for (const role of MEDIA_ROLES) call.usage(role)?.bye();
    call.snapshot.mediaServer = undefined;
  },
  'tell failed': (call) => {
    failCommand(call, takeCommand(call), {
      code: 'media_unavailable',
      detail: 'The call could not be moved',
    });
    failMediaWork(call);
  },
};
