import type { Call } from '../call/call';
import { requestRecording } from './record';

/** Both parties are through: the call is in progress, and what waited for that begins. */
export function connected(call: Call): void {
  call.move('connected');
  const channels = call.snapshot.recordOnAnswer;
  if (channels !== undefined) {
    delete call.snapshot.recordOnAnswer;
    requestRecording(call, { channels });
  } else call.beginMediaWork();
}
