import { z } from 'zod';
import { MAX_STEPS, MOST_STEPS_TAKEN } from './limits';
import { stepName, variables } from './names';
import { step } from './step-schemas';

/** The form of a flow document; what its steps say of each other is checked by checkFlow. */
export const flowDocument = z
  .strictObject({
    name: z.string().min(1).max(128).meta({ description: 'For people.' }),
    version: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Counted by Legato; in a PUT the number that this document is expected to get.' }),
    start: stepName,
    max_steps: z.int().min(1).max(MOST_STEPS_TAKEN).optional().meta({
      description: 'The flow of one call is ended after so many steps, 200 without it.',
    }),
    variables: variables.optional().meta({ description: 'What variables are at the start.' }),
    steps: z
      .record(stepName, step)
      .refine((steps) => Object.keys(steps).length <= MAX_STEPS, `at most ${MAX_STEPS} steps`)
      .meta({ minProperties: 1, maxProperties: MAX_STEPS }),
  })
  .meta({ description: 'What a caller hears and is asked, step by step.' });
export type FlowDocument = z.infer<typeof flowDocument>;

/** The JSON Schema (2020-12) of a flow document, for editors. */
export function flowJsonSchema(): Record<string, unknown> {
  return { $id: 'urn:legato:schema:flow', ...z.toJSONSchema(flowDocument, { io: 'input' }) };
}
