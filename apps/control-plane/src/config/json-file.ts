import { fieldErrors } from '@legato/contracts';
import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';

const MAX_COMPLAINTS = 5;

/**
 * The contents of a JSON text that may hold secrets: what is wrong is told by JSON pointer, and never with a piece of the text.
 * `schema` is chosen by what the contents look like.
 */
export function parseSecretJson<T>(
  text: string,
  schema: (content: unknown) => z.ZodType<T>,
): Result<T, string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The message of this error would show what stands there.
    return err('not well-formed JSON');
  }
  const parsed = schema(content).safeParse(content);
  if (parsed.success) return ok(parsed.data);
  const errors = fieldErrors(parsed.error, 'body').slice(0, MAX_COMPLAINTS);
  return err(
    errors.map(({ pointer, detail }) => `${pointer === '' ? 'the file' : pointer}: ${detail}`).join('; '),
  );
}

/** The contents of the file at `path`; the error says why it can not be used. */
export function readSecretJson<T>(
  path: string,
  parse: (text: string) => Result<T, string>,
): Result<T, string> {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return err(`expected a readable JSON file (${code ?? 'unknown error'})`);
  }
}
