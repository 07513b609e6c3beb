import { reasonPhrase } from '@legato/sip';
import type { Call } from '../call/call';
import type { EndedReason, LegRole } from '../call/call-snapshot';

/** Why a call did not come about, by the final status that refused it; the rest of 4xx and 6xx is a rejection. */
const reasons: Readonly<Record<number, EndedReason>> = {
  408: 'no_answer',
  480: 'no_answer',
  486: 'busy',
  487: 'canceled',
  600: 'busy',
};

export function endedReasonFor(status: number): EndedReason {
  const known = reasons[status];
  if (known) return known;
  if (status >= 600) return 'rejected';
  return status >= 500 || status < 400 ? 'failed' : 'rejected';
}

/** A party refused, or could not be reached: the caller hears what the party said. */
export function failAs(call: Call, leg: LegRole): void {
  const refusal = call.snapshot.refusals[leg] ?? { status: 500, reason: reasonPhrase(500) };
  call.end(endedReasonFor(refusal.status), refusal);
}

/** No media server took the call: the caller's offer does not suit, or there is none to take it. */
export function failForWantOfMedia(call: Call): void {
  const { mediaRefusal } = call.snapshot;
  if (mediaRefusal !== undefined) {
    call.end('rejected', { status: mediaRefusal, reason: reasonPhrase(mediaRefusal) });
    return;
  }
  call.end('failed', { status: 503, reason: 'No media server' });
}

/** The caller hung up before an answer; its 487 has been sent. */
export function cancelledByCaller(call: Call): void {
  call.end('canceled', { status: 487, reason: reasonPhrase(487) });
}

/** Nobody answered within the ring timeout. */
export function giveUpRinging(call: Call): void {
  call.end('no_answer', { status: 480, reason: 'No answer' });
}
