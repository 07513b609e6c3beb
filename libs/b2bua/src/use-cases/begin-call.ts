import type { SipRequest } from '@legato/sip';
import type { InviteUsage } from '@legato/sip';
import type { Call } from '../call/call';
import { openMedia } from '../media-control/media-session';
import { descriptionIn, hasAudio } from '../media-control/session-description';
import { inviteParty } from './invite-party';

/** The caller's INVITE arrived: the call sets out to its callee. */
export function beginInbound(call: Call, caller: InviteUsage, invite: SipRequest): void {
  const { snapshot } = call;
  call.adopt('caller', caller);
  const offer = descriptionIn(invite);
  if (offer !== undefined) snapshot.descriptions.caller = offer;
  const privacy = invite.headers.get('Privacy');
  if (privacy !== undefined) snapshot.privacy = privacy;
  logQueued(call);
  if (snapshot.mode === 'anchored' && offer !== undefined && !hasAudio(offer)) {
    // The media server would take it for a control dialog.
    call.end('rejected', { status: 488, reason: 'No audio offered' });
  } else if (snapshot.mode === 'direct') {
    call.begin('connect-direct', 'Ringing callee');
    inviteParty(call, 'callee', offer);
  } else {
    call.begin('connect-anchored', offer === undefined ? 'Offering caller' : 'Answering caller');
    openMedia(call, 'caller', offer);
  }
}

/** The application asked for a call: its first party is called before its second. */
export function beginOutbound(call: Call): void {
  logQueued(call);
  if (call.snapshot.mode === 'direct') {
    call.begin('connect-direct', 'Ringing caller');
    inviteParty(call, 'caller');
  } else {
    call.begin('connect-anchored', 'Getting caller offer');
    openMedia(call, 'caller');
  }
}

function logQueued(call: Call): void {
  const { direction, mode, from, to, metadata } = call.snapshot;
  call.log('call.queued', { direction, mode, from, to, metadata });
}
