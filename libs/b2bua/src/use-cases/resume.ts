import type { Call } from '../call/call';
import { MEDIA_ROLES } from '../call/call-snapshot';
import { finishWhenReleased } from './hang-up';
import { resumeHold } from './hold';
import { resumeMediaWork } from './media-work';
import { resumeAudio } from './mute';
import { loseDigits } from './send-digits';

/**
 * A call that an earlier process left behind goes on where it stood: its dialogs send what they owe again, and their peers
 * take that for copies. What it had asked by other requests has lost its answer, and is asked again.
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
    resumeSetup(call);
    return;
  }
  // The answers to requests in flight went to the dead process. What must not be done twice is on its way again; of all else what
  // still matters is asked again below.
  for (const role of MEDIA_ROLES) {
    const usage = call.usage(role);
    if (usage) call.exchange(role).takeUp((token) => usage.repeats(token));
  }
  call.trigger('interrupted');
  loseDigits(call, 'The node was restarted: the digits may have been sent, or some of them');
  resumeHold(call);
  resumeAudio(call);
  call.runtime.onTakenUp.tell(call);
  resumeMediaWork(call);
}

/** Each step of a set-up waits for an INVITE, which is on its way again, but the last: its request to the media server is not. */
function resumeSetup(call: Call): void {
  const { procedure } = call.snapshot;
  if (!procedure) {
    call.end('failed', { status: 503, reason: 'Service restarted' });
    return;
  }
  if (procedure.state !== 'Joining') return;
  for (const role of MEDIA_ROLES) if (call.usage(role)) call.exchange(role).abort();
  call.trigger('interrupted');
}
