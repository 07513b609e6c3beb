import { z } from 'zod';
import { catalogueEntry } from './catalogue';
import type { ErrorCode } from './catalogue';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

const fieldErrorSchema = z
  .strictObject({
    pointer: z.string().optional().meta({ description: 'JSON pointer into the body (RFC 6901).' }),
    parameter: z.string().optional().meta({ description: 'Name of a query parameter.' }),
    header: z.string().optional().meta({ description: 'Name of a header field.' }),
    detail: z.string(),
  })
  .meta({ description: 'What is wrong with one field.' });
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** RFC 9457 with our extension members. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z.string().meta({ description: 'Stable: one of the codes of docs/errors.md.' }),
    sip: z.strictObject({ status: z.int(), reason: z.string() }).optional(),
    msml: z.strictObject({ result: z.string(), description: z.string().optional() }).optional(),
    errors: z.array(fieldErrorSchema).optional(),
  })
  .meta({ description: 'What went wrong (RFC 9457).' });
export type Problem = z.infer<typeof problemSchema>;

/** What one occurrence has to add to its entry of the catalogue. */
export type ProblemDetails = Partial<Pick<Problem, 'detail' | 'instance' | 'sip' | 'msml' | 'errors'>>;

/** The document of one occurrence. `code` may be one that only the engine knows: then `http` says its status. */
export function problemOf(code: ErrorCode, details: ProblemDetails = {}): Problem {
  const { http, text } = catalogueEntry(code);
  return { type: `urn:legato:error:${code}`, title: text, status: http, code, ...details };
}
