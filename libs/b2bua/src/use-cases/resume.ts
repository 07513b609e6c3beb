import type { Call } from '../call/call';
import { MEDIA_ROLES } from '../call/call-snapshot';
import { finishWhenReleased } from './hang-up';
import { resumeRecordings } from './record';

/**
 * A call that an earlier process left behind. One that was being set up can not go on, because the transactions of
 * its INVITEs are gone: its caller gets a final answer. One that was established goes on where it stood.
 */
export function resume(call: Call): void {
  const { snapshot } = call;
  call.log('call.recovered', { state: snapshot.state });
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
  if (snapshot.procedure?.name === 'move-to-media') call.trigger('interrupted');
  resumeRecordings(call);
}
