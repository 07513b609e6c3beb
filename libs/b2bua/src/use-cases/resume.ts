import type { Call } from '../call/call';
import { MEDIA_ROLES } from '../call/call-snapshot';
import { finishWhenReleased } from './hang-up';
import { resumeHold } from './hold';
import { resumeMediaWork } from './media-work';
import { resumeAudio } from './mute';
import { loseDigits } from './send-digits';

/**
 * A call that an earlier process left behind. One that was being set up can not go on, because the transactions of
 * its INVITEs are gone: its caller gets a final answer. One that was established goes on where it stood.
 */
export function resume(call: Call): void {
  const { snapshot } = call;
  call.log('call.recovered', { state: snapshot.state });
  // The process may have died before it had said where they are.
  for (const { id } of snapshot.recordings) call.runtime.recordingCreated(snapshot.id, id);
  snapshot.relays = [];
  if (snapshot.state === 'ending') {
    finishWhenReleased(call);
    return;
  }
  if (snapshot.answeredAt === undefined) {
    call.end('failed', { status: 503, reason: 'Service restarted' });
    return;
  }
  // The answers to requests in flight went to the dead process: what still matters is asked again below.
  for (const role of MEDIA_ROLES) if (call.usage(role)) call.exchange(role).abort();
  call.trigger('interrupted');
  loseDigits(call, 'The node was restarted: the digits may have been sent, or some of them');
  resumeHold(call);
  resumeAudio(call);
  call.runtime.onTakenUp.tell(call);
  resumeMediaWork(call);
}
