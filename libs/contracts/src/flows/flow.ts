import { flowDocument, flowName, flowVariables } from '@legato/flows';
import { z } from 'zod';
import { cursorText, pageLimit, pageOf } from '../page';

export const FLOW_STATES = ['draft', 'active'] as const;

/** What a flow is called in its address. */
export const isFlowId = (id: string): boolean => flowName.safeParse(id).success;

const time = z.iso.datetime({ precision: 3 });
const versionNumber = z.int().min(1);

const flowFields = {
  id: z.string(),
  name: z.string(),
  state: z.enum(FLOW_STATES).meta({ description: 'Calls are taken when a version of it is active.' }),
  version: versionNumber.meta({ description: 'The latest.' }),
  active_version: versionNumber.nullable().meta({ description: 'The one that calls get.' }),
  created_at: time,
  updated_at: time,
};

const flowSummarySchema = z
  .strictObject(flowFields)
  .meta({ description: 'A flow in a list: read it alone for its document.' });

export const flowPageSchema = pageOf(flowSummarySchema);

export const flowSchema = z
  .strictObject({
    ...flowFields,
    versions: z.array(versionNumber).meta({ description: 'Those that are kept, oldest first.' }),
    document: flowDocument.meta({ description: 'The version that was asked for, the latest otherwise.' }),
  })
  .meta({ description: 'What callers hear and are asked, in versions.' });
export type Flow = z.infer<typeof flowSchema>;
export type FlowSummary = z.infer<typeof flowSummarySchema>;

/** The query of GET /v1/flows. */
export const listFlowsSchema = z.strictObject({
  limit: pageLimit(100, 20),
  cursor: cursorText.optional(),
});
export type ListFlows = z.infer<typeof listFlowsSchema>;

/** The query of GET /v1/flows/{id}. */
export const readFlowSchema = z.strictObject({ version: z.coerce.number().int().min(1).optional() });
export type ReadFlow = z.infer<typeof readFlowSchema>;

/** The body of POST /v1/flows/{id}/activate. */
export const activateFlowSchema = z
  .strictObject({ version: versionNumber.optional().meta({ description: 'The latest without it.' }) })
  .meta({ description: 'Which version calls get from now on.' });
export type ActivateFlow = z.infer<typeof activateFlowSchema>;

export const flowCheckSchema = z
  .strictObject({
    valid: z.boolean(),
    errors: z.array(
      z.strictObject({
        pointer: z.string().meta({ description: 'JSON pointer into the document (RFC 6901).' }),
        detail: z.string(),
      }),
    ),
  })
  .meta({ description: 'What is wrong with a flow document; nothing of it is stored.' });
export type FlowCheck = z.infer<typeof flowCheckSchema>;

const MOST_ENTRIES = 200;
const OUTCOME = /^[a-z_]{1,32}$/;

/** The body of POST /v1/flows/{id}/simulate. */
export const simulateFlowSchema = z
  .strictObject({
    version: versionNumber.optional().meta({ description: 'The latest without it.' }),
    digits: z
      .array(
        z
          .string()
          .regex(/^[0-9A-D*#]{0,64}$/, 'expected keys')
          .nullable(),
      )
      .max(MOST_ENTRIES)
      .default([])
      .meta({
        description: 'What is keyed each time that digits are asked for; null, or none left: nothing.',
        examples: [['1', null, '1234#']],
      }),
    outcomes: z
      .record(z.string(), z.array(z.string().regex(OUTCOME, 'expected an outcome')).max(MOST_ENTRIES))
      .optional()
      .meta({ description: 'Outcomes of steps by name, in order, instead of the good one.' }),
    answers: z
      .record(z.string(), z.array(z.unknown()).max(MOST_ENTRIES))
      .optional()
      .meta({ description: 'What applications answer to webhook steps by name, in order.' }),
    variables: flowVariables.optional().meta({ description: 'On top of those of the document.' }),
  })
  .meta({ description: 'What the caller and the others do in a simulated call.' });
export type SimulateFlow = z.infer<typeof simulateFlowSchema>;

export const flowSimulationSchema = z
  .strictObject({
    outcome: z.string(),
    step: z.string().meta({ description: 'Where it ended.' }),
    steps: z.array(
      z.strictObject({
        number: z.int().min(1),
        step: z.string(),
        type: z.string(),
        outcome: z.string(),
        next: z.string().nullable(),
        msml: z.array(z.string()).meta({ description: 'The requests that the media server would get.' }),
      }),
    ),
    variables: z.record(z.string(), z.string()).meta({ description: 'Without those that are sensitive.' }),
  })
  .meta({ description: 'A flow as a call would have gone through it.' });
