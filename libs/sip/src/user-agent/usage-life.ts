import { arrowFor } from '@legato/kernel';
import type { CalleePhase, CalleeTrigger } from './callee.machine';
import { calleeMachine } from './callee.machine';
import type { CallerPhase, CallerTrigger } from './caller.machine';
import { callerMachine } from './caller.machine';
import { usageActions } from './usage-actions';
import type { UsageContext, UsageInput } from './usage-context';

/** Takes the arrow of `trigger` in the machine of the usage's role; without an arrow nothing happens. */
export function live(usage: UsageContext, trigger: CallerTrigger | CalleeTrigger, input: UsageInput): void {
  const { state } = usage;
  const arrow =
    state.role === 'UAC'
      ? arrowFor(callerMachine, state.phase as CallerPhase, trigger as CallerTrigger)
      : arrowFor(calleeMachine, state.phase as CalleePhase, trigger as CalleeTrigger);
  if (!arrow) return;
  state.phase = arrow.to;
  for (const action of arrow.do) usageActions[action](usage, input);
}
