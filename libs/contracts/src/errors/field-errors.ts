import type { z } from 'zod';
import type { FieldError } from './problem';

const MAX_ERRORS = 20;
const MAX_NAME_CHARACTERS = 64;

type Issue = z.core.$ZodIssue;

/** A JSON pointer (RFC 6901 §3); names that came from outside are bounded. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path
    .map(
      (part) => `/${String(part).slice(0, MAX_NAME_CHARACTERS).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    )
    .join('');
}

function expand(issue: Issue): { path: PropertyKey[]; detail: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'unknown field' }));
  }
  if (issue.code === 'invalid_key') {
    return [{ path: issue.path, detail: issue.issues[0]?.message ?? issue.message }];
  }
  return [{ path: issue.path, detail: issue.message }];
}

/** What a failed validation says, one entry per field: by JSON pointer for a body, by name for a query. */
export function fieldErrors(error: z.ZodError, location: 'body' | 'query'): FieldError[] {
  const found = error.issues.flatMap(expand).slice(0, MAX_ERRORS);
  return found.map(({ path, detail }) =>
    location === 'body'
      ? { pointer: jsonPointer(path), detail }
      : { parameter: String(path[0] ?? ''), detail },
  );
}
