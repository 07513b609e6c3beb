import type { MsmlOutcome } from '@legato/msml';
import { msmlErrorOf } from '@legato/msml';
import type { SipResponse } from '@legato/sip';
import type { Call } from '../call/call';
import type { Role } from '../call/call-snapshot';
import { isMediaRole } from '../call/call-snapshot';
import { receiveHoldOutcome } from '../use-cases/hold';
import { receiveMuteOutcome, receiveUnmuteOutcome } from '../use-cases/mute';
import { receiveCollectOutcome } from '../use-cases/collect';
import { receivePlayOutcome } from '../use-cases/play';
import { receiveRecordOutcome } from '../use-cases/record';
import { receiveDigitsOutcome } from '../use-cases/send-digits';
import { JOIN } from './join-connections';

/** The media server answered an MSML request of ours. */
export function receiveMsmlAnswer(
  call: Call,
  role: Role,
  token: string,
  status: number,
  response: SipResponse | undefined,
): void {
  if (!isMediaRole(role)) return;
  const outcome = call.exchange(role).receiveAnswer(token, status, response?.body);
  if (outcome) receiveOutcome(call, outcome);
}

type Receiver = (call: Call, verb: string, id: string, outcome: MsmlOutcome, part?: string) => void;

/** Whose requests begin with which word. */
const topics: Readonly<Record<string, Receiver>> = {
  record: receiveRecordOutcome,
  play: receivePlayOutcome,
  collect: receiveCollectOutcome,
  hold: receiveHoldOutcome,
  mute: receiveMuteOutcome,
  unmute: receiveUnmuteOutcome,
  digits: receiveDigitsOutcome,
};

/** New work goes elsewhere for a while when a media server says that it has no more to give (RFC 5707 §11). */
function noteOverload({ snapshot, runtime }: Call, { response }: MsmlOutcome): void {
  const isFull = response !== undefined && msmlErrorOf(response)?.sipStatus === 503;
  if (isFull && snapshot.mediaServer !== undefined) runtime.mediaServers.reportFailure(snapshot.mediaServer);
}

/** Routes the outcome of a request to the use case that its token names. */
export function receiveOutcome(call: Call, outcome: MsmlOutcome): void {
  noteOverload(call, outcome);
  if (outcome.token === JOIN) {
    call.trigger(outcome.ok ? 'joined' : 'join refused');
    return;
  }
  const [topic = '', verb, id, part] = outcome.token.split(' ');
  if (verb !== undefined && id !== undefined) topics[topic]?.(call, verb, id, outcome, part);
}
