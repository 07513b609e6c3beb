import type { Call } from '../call/call';
import type { LegRole, MediaRole, Role } from '../call/call-snapshot';
import { mediaOf } from '../call/call-snapshot';
import { mediaAnswerTimer, parkTimer } from '../call/call-timer-names';
import { inactiveAnswer, sdpBody } from './session-description';

/**
 * Opens the media of a party: an INVITE to the media server, with the party's offer or, without one, to get an
 * offer for it. Triggers 'no media server' when none is left to ask.
 */
export function openMedia(call: Call, leg: LegRole, offer?: string): void {
  const { snapshot, runtime } = call;
  const server = snapshot.mediaServer ?? chooseMediaServer(call);
  if (server === undefined) {
    call.trigger('no media server');
    return;
  }
  const role = mediaOf(leg);
  const us = `<sip:legato@${runtime.address}>`;
  call.open(
    role,
    { requestUri: server, from: us, to: `<${server}>`, contact: us },
    offer === undefined ? undefined : sdpBody(offer),
  );
  const patience = runtime.mediaServers.find(server)?.answerMs ?? runtime.timings.mediaAnswerMs;
  call.startTimer(mediaAnswerTimer(role), patience);
}

/** From now on it is the media server of the call, and of both parties. */
function chooseMediaServer({ snapshot, runtime }: Call): string | undefined {
  const place = runtime.onAnswered.placeOf(snapshot.target);
  const choice = runtime.mediaServers.choose(snapshot.failedMediaServers, place);
  if (!choice) return undefined;
  snapshot.mediaServer = choice.uri;
  snapshot.mediaDialect = choice.dialect;
  return choice.uri;
}

/** The first media dialog of a call failed: asks the next server, with what the caller offered if it did. */
export function tryNextMediaServer(call: Call, leg: LegRole, offer?: string): void {
  const { snapshot } = call;
  snapshot.mediaServer = undefined;
  if (snapshot.mediaRefusal === undefined) openMedia(call, leg, offer);
  else call.trigger('no media server');
}

/** Refusals that are about the session description: every other media server would say the same (RFC 3261 §21.4.26). */
const ABOUT_THE_OFFER: readonly number[] = [415, 488, 606];

/** The media server answered our INVITE with `status`; 200 to 299 is an acceptance. */
export function noteMediaAnswer(call: Call, role: MediaRole, status: number): void {
  call.stopTimer(mediaAnswerTimer(role));
  const server = call.snapshot.mediaServer;
  if (server === undefined) return;
  if (status < 300) call.runtime.mediaServers.reportSuccess(server);
  else if (ABOUT_THE_OFFER.includes(status)) call.snapshot.mediaRefusal = status;
  else {
    call.snapshot.failedMediaServers.push(server);
    call.runtime.mediaServers.reportFailure(server);
  }
}

/** The media server took too long: whatever it still says, the next one is asked. */
export function giveUpMediaServer(call: Call, role: MediaRole): void {
  const usage = call.usage(role);
  noteMediaAnswer(call, role, 408);
  call.abandon(role);
  usage?.cancel();
  call.trigger(`${role} refused`);
}

/** The 2xx of `role` carries an offer whose answer comes later, in its ACK; not later than `parkAfterMs`. */
export function owe(call: Call, role: Role): void {
  call.startTimer(parkTimer(role), call.runtime.timings.parkAfterMs);
}

/** The true answer takes too long: acknowledges with an inactive one, the true one follows by re-INVITE. */
export function park(call: Call, role: Role): void {
  if (acknowledgeInactively(call, role)) call.snapshot.parked.push(role);
}

/** Answers the offer in the 2xx of `role` so that nothing flows; false when there is none. */
export function acknowledgeInactively(call: Call, role: Role): boolean {
  const offer = call.snapshot.descriptions[role];
  const usage = call.usage(role);
  if (offer === undefined || !usage) return false;
  const host = call.runtime.address.slice(0, call.runtime.address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  usage.acknowledge(sdpBody(inactiveAnswer(offer, host)));
  return true;
}

/** Gives the offer of `role` its answer; triggers '<role> settled' when the offerer has it. */
export function settle(call: Call, role: Role, answer: string): void {
  const { snapshot } = call;
  const usage = call.usage(role);
  if (!usage) return;
  if (snapshot.parked.includes(role)) {
    snapshot.settling.push(role);
    usage.reinvite(sdpBody(answer));
    return;
  }
  call.stopTimer(parkTimer(role));
  usage.acknowledge(sdpBody(answer));
  call.trigger(`${role} settled`);
}

/** Whether the answer to a re-INVITE on `role` ends a settling; then it has been dealt with. */
export function finishSettling(call: Call, role: Role, accepted: boolean): boolean {
  const { snapshot } = call;
  if (!snapshot.settling.includes(role)) return false;
  snapshot.settling = snapshot.settling.filter((settling) => settling !== role);
  snapshot.parked = snapshot.parked.filter((parked) => parked !== role);
  if (accepted) call.usage(role)?.acknowledge();
  call.trigger(accepted ? `${role} settled` : `${role} refused`);
  return true;
}

/** Whether the 2xx of `role` still waits for the answer to its offer. */
export const isOwed = (call: Call, role: Role): boolean => parkTimer(role) in call.snapshot.timers;
