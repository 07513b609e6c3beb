import type { z } from 'zod';

/** What is wrong with a document, and where: a JSON pointer (RFC 6901). */
export interface FlowError {
  readonly pointer: string;
  readonly detail: string;
}

const MAX_ERRORS = 50;
const MAX_PART_CHARACTERS = 64;

/** A JSON pointer; names that came from outside are bounded. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path
    .map(
      (part) => `/${String(part).slice(0, MAX_PART_CHARACTERS).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    )
    .join('');

/** An issue of a form, one entry per member. */
function expand(issue: z.core.$ZodIssue): FlowError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'unknown field' }));
  }
  if (issue.code === 'invalid_key') {
    return [{ pointer: pointerTo(issue.path), detail: issue.issues[0]?.message ?? issue.message }];
  }
  return [{ pointer: pointerTo(issue.path), detail: issue.message }];
}

/** The issues of a form that a document does not have. */
export const formErrors = (error: z.ZodError): FlowError[] => bounded(error.issues.flatMap(expand));

export const bounded = (errors: readonly FlowError[]): FlowError[] => errors.slice(0, MAX_ERRORS);
