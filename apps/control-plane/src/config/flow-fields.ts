import { z } from 'zod';

/** The variables of flows. */
export const flowFields = {
  LEGATO_FLOW_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'expected whsec_ and the base64 of 24 to 64 bytes')
    .optional(),
};

export interface FlowConfig {
  /** Signs the questions of flows to applications (Standard Webhooks). */
  readonly secret?: string;
}

export const flowConfig = (values: z.infer<z.ZodObject<typeof flowFields>>): FlowConfig =>
  values.LEGATO_FLOW_SECRET === undefined ? {} : { secret: values.LEGATO_FLOW_SECRET };
