import type { FlowDocument } from './flow-document';
import { MOST_STEPS_TAKEN } from './limits';
import type { FlowState } from '../machine/flow-state';
import type { Step } from './step-schemas';

/** What becomes of a call when the application that has it in hand gives no answer. */
export type ApplicationFallback = { readonly flow: string } | { readonly status: number };

/** An application that decides everything itself. */
export interface AskedApplication {
  readonly url: string;
  /** How long it may take to answer, in seconds; 5 without it. */
  readonly timeout_s?: number;
  /** Without one a caller that was not answered gets 480, and any other call ends. */
  readonly fallback?: ApplicationFallback;
}

const fallbackStep = (fallback: ApplicationFallback): Step =>
  'flow' in fallback ? { type: 'flow', flow: fallback.flow } : { type: 'reject', status: fallback.status };

/** The flow of a call that an application has in hand: it is asked, does what it answers, and is asked again. */
export function applicationFlow({ url, timeout_s, fallback }: AskedApplication): FlowDocument {
  return {
    name: 'An application',
    start: 'application',
    max_steps: MOST_STEPS_TAKEN,
    steps: {
      application: {
        type: 'webhook',
        url,
        ...(timeout_s !== undefined && { timeout_s }),
        ...(fallback && { on: { failed: 'fallback' } }),
      },
      ...(fallback && { fallback: fallbackStep(fallback) }),
    },
  };
}

/** Who has a call with such a flow in hand: the application itself, or the one that it has sent the call on to. */
export function applicationUrl(
  { start, steps }: FlowDocument,
  state: FlowState | undefined,
): string | undefined {
  const asked = steps[start];
  return state?.redirected?.[start] ?? (asked?.type === 'webhook' ? asked.url : undefined);
}
