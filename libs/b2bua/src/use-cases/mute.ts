import type { MsmlOutcome } from '@legato/msml';
import type { Call } from '../call/call';
import type { CommandId, LegRole } from '../call/call-snapshot';
import { refusalOf } from '../media-control/dialog-report';
import { audioOf } from '../media-control/join-connections';
import { audioChanges } from '../media-control/party-audio';
import { failCommand } from './command-outcome';

const VERBS = { mute: 'call.muted', unmute: 'call.unmuted' } as const;
type Verb = keyof typeof VERBS;

const isMuted = (call: Call, leg: LegRole): boolean => call.snapshot.muted?.includes(leg) ?? false;

function note(call: Call, verb: Verb, leg: LegRole): void {
  const others = (call.snapshot.muted ?? []).filter((muted) => muted !== leg);
  if (verb === 'mute') call.snapshot.muted = [...others, leg];
  else if (others.length > 0) call.snapshot.muted = others;
  else delete call.snapshot.muted;
}

/** Takes a party's voice from the other, or gives it back; nothing happens when that is so already. On hold it counts later. */
export function changeMute(call: Call, verb: Verb, leg: LegRole, id: CommandId): void {
  if (isMuted(call, leg) === (verb === 'mute')) return;
  const before = audioOf(call);
  note(call, verb, leg);
  const operations = audioChanges(before, audioOf(call));
  if (operations.length > 0) call.submit('caller media', `${verb} ${leg} ${id}`, operations);
  else tell(call, verb, leg, id);
}

function tell(call: Call, verb: Verb, leg: LegRole, id: CommandId): void {
  call.log(VERBS[verb], { leg, command_id: id });
}

const receiver =
  (verb: Verb, opposite: Verb) => (call: Call, leg: string, id: string, outcome: MsmlOutcome) => {
    if (outcome.ok) return tell(call, verb, leg as LegRole, id as CommandId);
    note(call, opposite, leg as LegRole);
    failCommand(call, { id: id as CommandId, name: verb }, refusalOf(outcome));
  };

export const receiveMuteOutcome = receiver('mute', 'unmute');
export const receiveUnmuteOutcome = receiver('unmute', 'mute');

/** The token of what is said again after a take-over; its outcome changes nothing. */
const AGAIN = 'audio again';

/** Another process takes the call up: a request under way may be lost, so what is wished for is asked for again. */
export function resumeAudio(call: Call): void {
  const { muted, hold } = call.snapshot;
  const isWished = (muted?.length ?? 0) > 0 || hold?.state === 'held';
  if (!isWished || call.snapshot.mode === 'direct' || !call.usage('callee media')) return;
  const after = audioOf(call);
  const operations = audioChanges({ ...after, held: false, muted: [] }, after);
  if (operations.length > 0) call.submit('caller media', AGAIN, operations);
}
