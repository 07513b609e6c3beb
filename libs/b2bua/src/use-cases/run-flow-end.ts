import type { Call } from '../call/call';

/** The call ends while its flow is under way: the flow has ended with it. */
export function endFlow(call: Call): void {
  noteFlowEnd(call, 'hung_up');
}

/** Writes down how the flow of a call ended, once. */
export function noteFlowEnd(call: Call, outcome: string): void {
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
  });
}
