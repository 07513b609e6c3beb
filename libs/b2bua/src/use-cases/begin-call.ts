import type { SipRequest } from '@legato/sip';
import type { InviteUsage } from '@legato/sip';
import type { Call } from '../call/call';
import { RING_TIMER } from '../call/call-timer-names';
import { openMedia } from '../media-control/media-session';
import { descriptionIn, hasAudio } from '../media-control/session-description';
import { identityIn } from './caller-identity';
import { inviteParty } from './invite-party';

/** The caller's INVITE arrived: the call sets out to its callee, or to the application that it is for. */
export function beginInbound(call: Call, caller: InviteUsage, invite: SipRequest): void {
  const { snapshot } = call;
  call.adopt('caller', caller);
  const offer = descriptionIn(invite);
  if (offer !== undefined) snapshot.descriptions.caller = offer;
  const identity = identityIn(call, invite);
  if (identity) snapshot.callerIdentity = identity;
  logQueued(call);
  if (snapshot.mode === 'anchored' && offer !== undefined && !hasAudio(offer)) {
    // The media server would take it for a control dialog.
    call.end('rejected', { status: 488, reason: 'No audio offered' });
  } else if (snapshot.target) beginForApplication(call);
  else beginToCallee(call);
}

/** Sets out from a caller that has not been answered to its callee. */
export function beginToCallee(call: Call): void {
  const { mode, descriptions } = call.snapshot;
  const offer = descriptions.caller;
  if (mode === 'direct') {
    call.begin('connect-direct', 'Ringing callee');
    inviteParty(call, 'callee', offer);
  } else {
    call.begin('connect-anchored', offer === undefined ? 'Offering caller' : 'Answering caller');
    openMedia(call, 'caller', offer);
  }
}

/**
 * A call for a webhook rings until the application says what becomes of it, one for a flow until its steps do; the others are
 * answered as soon as media stand.
 */
function beginForApplication(call: Call): void {
  const { target, descriptions, ringTimeoutMs } = call.snapshot;
  const arrival = target && call.runtime.onAnswered.arrivalOf(target);
  call.usage('caller')?.provisional(180);
  call.move('alerting');
  if (target?.kind === 'webhook') {
    call.begin('connect-media', 'Ringing application');
    call.startTimer(RING_TIMER, ringTimeoutMs);
  } else if (arrival) {
    call.begin('connect-media', 'Running flow');
    call.startTimer(RING_TIMER, ringTimeoutMs);
    arrival(call);
  } else {
    call.begin('connect-media', 'Opening caller media');
    openMedia(call, 'caller', descriptions.caller);
  }
}

/** The application asked for a call: its first party is called before its second. */
export function beginOutbound(call: Call): void {
  const { mode, to } = call.snapshot;
  logQueued(call);
  if (mode === 'direct') {
    call.begin('connect-direct', 'Ringing caller');
    inviteParty(call, 'caller');
  } else {
    call.begin(to.length === 1 ? 'connect-media' : 'connect-anchored', 'Getting caller offer');
    openMedia(call, 'caller');
  }
}

function logQueued(call: Call): void {
  const { direction, mode, from, to, target, metadata } = call.snapshot;
  call.log('call.queued', { direction, mode, from, to, target, metadata });
}
