import { arrowFor } from '@legato/kernel';
import type { MsmlOutcome } from '@legato/msml';
import type { Call } from '../call/call';
import type { CommandSnapshot, LegRole } from '../call/call-snapshot';
import { otherLeg } from '../call/call-snapshot';
import { refusalOf } from '../media-control/dialog-report';
import { audioOf } from '../media-control/join-connections';
import { audioChanges } from '../media-control/party-audio';
import { inactiveOffer, sdpBody } from '../media-control/session-description';
import type { CommandFailure } from './command-outcome';
import { failCommand } from './command-outcome';
import type { HoldDirectAction } from './hold-direct.machine';
import type { HoldAction, HoldState, HoldTrigger } from './hold.machine';
import { holdMachine } from './hold.machine';
import { beginReconnect } from './begin-reconnect';
import { noteHold } from './relay-reinvite';

const stateOf = (call: Call): HoldState => call.snapshot.hold?.state ?? 'active';

/** What the arrow was taken for: by which command, and with which failure. */
interface Cause {
  readonly command?: CommandSnapshot;
  readonly error?: CommandFailure;
}

const actions: Readonly<Record<HoldAction, (call: Call, cause: Cause) => void>> = {
  'take apart': (call) => {
    if (call.snapshot.mode === 'anchored') submitChange(call, false);
    else {
      call.begin('hold-direct', 'Holding caller');
      silence(call, 'caller');
    }
  },
  'bring together': (call) => {
    if (call.snapshot.mode === 'anchored') submitChange(call, true);
    else beginReconnect(call);
  },
  'tell held': (call) => noteHold(call),
  'tell resumed': (call) => noteHold(call),
  'tell failed': (call, { command, error }) => {
    if (error) failCommand(call, command, error);
  },
};

function trigger(call: Call, what: HoldTrigger, cause: Cause = {}): void {
  const arrow = arrowFor(holdMachine, stateOf(call), what);
  if (!arrow) return;
  const command = cause.command ?? call.snapshot.hold?.command;
  const named = command && { command };
  call.snapshot.hold = { state: arrow.to, ...named };
  for (const action of arrow.do) actions[action](call, { ...cause, ...named });
  forgetCommand(call);
}

/** The command is over when the change is; it was there for the events. */
function forgetCommand({ snapshot }: Call): void {
  if (snapshot.hold?.state === 'active') delete snapshot.hold;
  else if (snapshot.hold?.state === 'held') delete snapshot.hold.command;
}

/** Puts the parties on hold: at the media server they are taken apart, in a direct call both are silenced. */
export const hold = (call: Call, command: CommandSnapshot): void => trigger(call, 'hold', { command });

export const endHold = (call: Call, command: CommandSnapshot): void => trigger(call, 'resume', { command });

/** Another process takes the call up: what was under way is done once more. */
export const resumeHold = (call: Call): void => trigger(call, 'taken over');

/** The change of hold under way is done, or has failed. */
export const holdSettled = (call: Call, error?: CommandFailure): void =>
  error ? trigger(call, 'refused', { error }) : trigger(call, 'done');

/** The snapshot has what is to be; `was` held before or not. */
function submitChange(call: Call, was: boolean): void {
  const after = audioOf(call);
  const operations = audioChanges({ ...after, held: was }, after);
  if (operations.length > 0) call.submit('caller media', `hold change ${call.snapshot.id}`, operations);
  else holdSettled(call);
}

export function receiveHoldOutcome(call: Call, _verb: string, _id: string, outcome: MsmlOutcome): void {
  holdSettled(call, outcome.ok ? undefined : refusalOf(outcome));
}

/** Offers a party what the other one has, without letting anything flow. */
function silence(call: Call, leg: LegRole): void {
  const description = call.snapshot.descriptions[otherLeg(leg)] ?? '';
  const body = sdpBody(inactiveOffer(description, call.runtime.clock.wallTime()));
  call.usage(leg)?.reinvite(body);
}

const REFUSED: CommandFailure = { code: 'party_refused', detail: 'A party refused the re-INVITE' };

export const holdDirectActions: Readonly<Record<HoldDirectAction, (call: Call) => void>> = {
  'acknowledge caller': (call) => call.usage('caller')?.acknowledge(),
  'acknowledge callee': (call) => call.usage('callee')?.acknowledge(),
  'silence callee': (call) => silence(call, 'callee'),
  'tell held': (call) => holdSettled(call),
  'tell failed': (call) => holdSettled(call, REFUSED),
  'turn back': (call) => {
    holdSettled(call, REFUSED);
    beginReconnect(call);
  },
};
