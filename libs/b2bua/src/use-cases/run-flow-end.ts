import type { FlowFailure } from '@legato/flows';
import type { Call } from '../call/call';

/** The call ends: a flow that is under way has ended with it, and the application that had the call in hand is told. */
export function endFlow(call: Call): void {
  noteFlowEnd(call, 'hung_up');
  call.runtime.onAnswered.tellEnd(call);
}

/** Writes down how the flow of a call ended, once. */
export function noteFlowEnd(call: Call, outcome: string, error?: FlowFailure): void {
  const { flow } = call.snapshot;
  if (!flow || flow.outcome !== undefined) return;
  flow.outcome = outcome;
  delete flow.awaited;
  const { id, version, state } = flow;
  call.log('flow.completed', {
    flow: id,
    version,
    outcome,
    step: state?.step,
    steps: state?.taken ?? 0,
    variables: state?.variables ?? {},
    ...(error && { error }),
  });
}
