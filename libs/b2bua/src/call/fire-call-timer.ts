import { loseRecordings, recordingExitOver } from '../use-cases/record';
import { letGo } from '../use-cases/hang-up';
import { giveUpMediaServer, park } from '../media-control/media-session';
import type { Call } from './call';
import { DIALOG_GRACE } from './call-timer-names';
import type { MediaRole, Role } from './call-snapshot';

/** What is done when a timer of the call runs out; a name with a colon carries its object behind it. */
const onTimer: Readonly<Record<string, (call: Call, object: string) => void>> = {
  ring: (call) => call.trigger('ring timeout'),
  duration: (call) => call.end('timeout', { status: 200, reason: 'Max duration' }),
  release: (call) => letGo(call),
  'recording report': (call) => loseRecordings(call),
  'recording exit': (call, id) => recordingExitOver(call, id),
  park: (call, role) => park(call, role as Role),
  'media answer': (call, role) => giveUpMediaServer(call, role as MediaRole),
  [DIALOG_GRACE]: (call, number) => call.mediaDialogs.fireTimer(number),
};

/** Fires `name`, unless it was stopped while it waited in the mailbox. */
export function fireCallTimer(call: Call, name: string): void {
  if (!(name in call.snapshot.timers)) return;
  delete call.snapshot.timers[name];
  const colon = name.indexOf(':');
  const kind = colon < 0 ? name : name.slice(0, colon);
  onTimer[kind]?.(call, colon < 0 ? '' : name.slice(colon + 1));
}
