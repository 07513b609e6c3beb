import type { FlowOutcome } from '@legato/flows';
import type { SipOutcome } from '../call/call-snapshot';
import type { FinishedMediaWork } from './media-work-finished';
import type { BridgeOutcome } from './on-bridged';

/** States in which media work ends, as outcomes of flow steps; any other is a failure. */
const OUTCOMES: Readonly<Record<FinishedMediaWork['kind'], Readonly<Record<string, string>>>> = {
  play: { completed: 'completed', barged: 'barged', stopped: 'completed' },
  collect: { matched: 'matched', no_input: 'no_input', no_match: 'no_match' },
  recording: { completed: 'completed' },
};

/** What finished media work is to a flow. */
export function outcomeOfMediaWork({ kind, id, outcome, digits }: FinishedMediaWork): FlowOutcome {
  const known = OUTCOMES[kind][outcome] ?? 'failed';
  return {
    outcome: known,
    ...(digits === undefined || known !== 'matched' ? {} : { digits }),
    ...(kind === 'recording' && known === 'completed' ? { recording: id } : {}),
  };
}

const BUSY: readonly number[] = [486, 600];
const NO_ANSWER: readonly number[] = [408, 480, 487];
const REJECTED: readonly number[] = [403, 603, 607, 608];

function refused(sip: SipOutcome | undefined): string {
  const status = sip?.status ?? 0;
  if (BUSY.includes(status)) return 'busy';
  if (NO_ANSWER.includes(status)) return 'no_answer';
  return REJECTED.includes(status) ? 'rejected' : 'failed';
}

/** What became of a second party, to a flow; undefined while the parties talk. */
export function outcomeOfBridge({ outcome, sip }: BridgeOutcome): FlowOutcome | undefined {
  if (outcome === 'bridged') return undefined;
  return { outcome: outcome === 'left' ? 'completed' : refused(sip) };
}
