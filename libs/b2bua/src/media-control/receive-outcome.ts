import type { MsmlOutcome } from '@legato/msml';
import type { SipResponse } from '@legato/sip';
import type { Call } from '../call/call';
import type { Role } from '../call/call-snapshot';
import { isMediaRole } from '../call/call-snapshot';
import { receiveRecordOutcome } from '../use-cases/record';
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

/** Routes the outcome of a request to the use case that its token names. */
export function receiveOutcome(call: Call, outcome: MsmlOutcome): void {
  if (outcome.token === JOIN) {
    call.trigger(outcome.ok ? 'joined' : 'join refused');
    return;
  }
  const [topic, verb, id] = outcome.token.split(' ');
  if (topic === 'record' && verb !== undefined && id !== undefined)
    receiveRecordOutcome(call, verb, id, outcome);
}
