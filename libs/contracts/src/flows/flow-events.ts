import { FLOW_FAILURES } from '@legato/flows';
import type { FlowFailure } from '@legato/flows';
import { z } from 'zod';

const FLOW_FAILURE_CODES = Object.keys(FLOW_FAILURES) as FlowFailure['code'][];

const inFlow = {
  call_id: z.string(),
  flow: z.string(),
  version: z.int().min(1).optional(),
};

const failure = z
  .strictObject({
    code: z.enum(FLOW_FAILURE_CODES),
    detail: z.string(),
    errors: z
      .array(z.strictObject({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Where the answer of an application is wrong, by JSON pointer.' }),
  })
  .optional()
  .meta({ description: 'Why it failed.' });

/** Events of flows in calls. What callers key is in `collect.finished` and in variables; if it is sensitive, nowhere. */
export const FLOW_EVENT_DATA = {
  'flow.step': z
    .strictObject({
      ...inFlow,
      number: z.int().min(1).meta({ description: 'Counts the steps of the call.' }),
      step: z.string(),
      step_type: z.string(),
      outcome: z.string(),
      next: z.string().optional().meta({ description: 'Missing: the flow ends here.' }),
      error: failure,
    })
    .meta({ description: 'A step of the flow that has the call in hand is done.' }),
  'flow.completed': z
    .strictObject({
      ...inFlow,
      outcome: z
        .string()
        .meta({ description: 'That of the last step, `hung_up`, or what cut the flow short.' }),
      step: z.string().optional(),
      steps: z.int().min(0).meta({ description: 'Steps that were taken.' }),
      variables: z.record(z.string(), z.string()).meta({ description: 'Without those that are sensitive.' }),
      error: failure,
    })
    .meta({ description: 'The flow that had the call in hand is over: once per flow, before `call.ended`.' }),
} as const;
