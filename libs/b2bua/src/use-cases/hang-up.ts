import type { Call } from '../call/call';
import { LEG_ROLES, MEDIA_ROLES } from '../call/call-snapshot';
import { RELEASE_TIMER, REPORT_TIMER } from '../call/call-timer-names';
import { interruptCommands } from './interrupt-commands';
import { endMediaWork, loseMediaWork } from './media-work';
import { stopRecording } from './record';
import { isActive } from './recording-life';
import { leaveRing } from './ring-together';
import { endFlow } from './run-flow-end';
import { toldToCaller } from './trunk-refusal';

const RETRY_AFTER_S = '5';

/** Q.850 cause 16: normal call clearing. */
const reasonValue = (text: string): string => `Q.850;cause=16;text="${text.replace(/["\\]/g, '\\$&')}"`;

/** Ends a call on our own account; `reason` is for the parties, too (RFC 3326). */
export function hangUp(call: Call, reason?: string): void {
  const answered = call.snapshot.answeredAt !== undefined;
  if (reason !== undefined) call.snapshot.byeReason ??= reasonValue(reason);
  call.end(answered ? 'completed' : 'canceled', {
    status: answered ? 200 : 487,
    reason: reason ?? 'Hung up',
  });
}

/**
 * Lets go of every dialog: the parties at once, the media server when it has reported the recordings that
 * were running, so that no file is lost.
 */
export function release(call: Call): void {
  const { snapshot, runtime } = call;
  snapshot.relays = [];
  if (snapshot.conferenceMembership)
    runtime.afterStored(snapshot.id, () => runtime.onReleased.tell(snapshot));
  leaveRing(call, 'call ends');
  for (const leg of LEG_ROLES) releaseLeg(call, leg);
  endFlow(call);
  endMediaWork(call);
  interruptCommands(call);
  const running = snapshot.recordings.filter(isActive);
  for (const recording of running) stopRecording(call, recording);
  call.startTimer(RELEASE_TIMER, runtime.timings.releaseMs);
  if (snapshot.recordings.some(isActive)) call.startTimer(REPORT_TIMER, runtime.timings.recordingReportMs);
  else releaseMedia(call);
  finishWhenReleased(call);
}

/** An INVITE that waits for its answer gets the outcome of the call; anything else is ended as its phase asks. */
function releaseLeg(call: Call, leg: 'caller' | 'callee'): void {
  const usage = call.usage(leg);
  if (!usage) return;
  const { sip, answeredAt, direction, byeReason } = call.snapshot;
  const waits = leg === 'caller' && direction === 'inbound' && answeredAt === undefined;
  if (waits && sip && sip.status >= 300 && sip.status !== 487) {
    const { status, reason } = toldToCaller(sip);
    // One of our own, for want of a media server or after a restart: it may be better soon (RFC 3261 §21.5.4).
    const isOurs = status === 503 && call.snapshot.refusals.callee === undefined;
    usage.refuse(status, reason, isOurs ? [['Retry-After', RETRY_AFTER_S]] : undefined);
  } else usage.bye(byeReason);
}

export function releaseMedia(call: Call): void {
  call.stopTimer(REPORT_TIMER);
  for (const role of MEDIA_ROLES) call.usage(role)?.bye();
}

/** Called when a recording of an ending call has settled. */
export function recordingSettled(call: Call): void {
  if (call.snapshot.state !== 'ending' || call.snapshot.recordings.some(isActive)) return;
  releaseMedia(call);
  finishWhenReleased(call);
}

/** A dialog is over; the call is, when it was the last. */
export function finishWhenReleased(call: Call): void {
  if (call.snapshot.state !== 'ending') return;
  if (call.openUsages > 0 || call.snapshot.recordings.some(isActive)) return;
  call.move('released');
}

/** The peers had their time: what is left is forgotten. */
export function letGo(call: Call): void {
  loseMediaWork(call);
  call.dropUsages();
  finishWhenReleased(call);
}
