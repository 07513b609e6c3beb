import type { FlowFailure } from '@legato/flows';
import { reasonPhrase } from '@legato/sip';
import type { Call } from '../call/call';
import { hangUp } from './hang-up';

/** RFC 3261 §21.4.18: what was dialled is known, and not to be had at the moment. */
const NOT_NOW = 480;
/** RFC 3261 §21.5.4: what keeps it is the server, for all its numbers. */
const UNAVAILABLE = 503;
/** RFC 3261 §21.6.2 */
const DECLINE = 603;

/** Outcomes by which a flow has ended as its author wanted it. */
const WANTED: readonly string[] = ['completed', 'answered'];

/**
 * There is no flow for a call. One inactive number says nothing of the others, so a caller gets 480; a proxy would take 503 for
 * a word about the whole server, which it is when the store is away.
 */
export function refuseForFlow(call: Call, code: FlowFailure['code']): void {
  const isOurs = code === 'flow_unavailable';
  const reason = isOurs ? 'Flow unavailable' : 'Flow not active';
  call.end('failed', { status: isOurs ? UNAVAILABLE : NOT_NOW, reason });
}

/** The flow of a call is over, and the call with it; `status` is for a caller that was not answered. */
export function endWithFlow(call: Call, status?: number): void {
  if (call.isEstablished) {
    hangUp(call);
    return;
  }
  const isWanted = WANTED.includes(call.snapshot.flow?.outcome ?? '');
  const refusal = status ?? (isWanted ? DECLINE : NOT_NOW);
  const isRejected = status !== undefined || isWanted;
  call.end(isRejected ? 'rejected' : 'failed', { status: refusal, reason: reasonPhrase(refusal) });
}
