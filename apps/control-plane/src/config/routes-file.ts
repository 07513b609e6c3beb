import { fieldErrors, sipUriText } from '@legato/contracts';
import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { NumberedRoute } from '../calls/number-routes';
import { REGISTERED, USER_PREFIX } from '../calls/number-routes';

const MAX_ROUTES = 100_000;

const USER = new RegExp(`^${USER_PREFIX}[A-Za-z0-9+._-]{1,64}$`);

const routeSchema = z.strictObject({
  number: z
    .string()
    .max(64)
    .regex(/^[A-Za-z0-9+._-]*\*?$/, 'expected a number, exact or with a trailing *')
    .min(1),
  to: z.union([sipUriText, z.literal(REGISTERED), z.string().regex(USER)], {
    error: 'expected a SIP URI, registered, or user: and the name of a user',
  }),
  mode: z.enum(['direct', 'anchored'], { error: 'expected direct or anchored' }),
  record: z
    .union([z.boolean(), z.enum(['mono', 'dual'])], { error: 'expected true, false, mono or dual' })
    .default(false),
});

const fileSchema = z
  .strictObject({ routes: z.array(routeSchema).max(MAX_ROUTES) })
  .superRefine(({ routes }, context) => {
    const seen = new Set<string>();
    routes.forEach(({ number }, index) => {
      if (seen.has(number)) {
        context.addIssue({
          code: 'custom',
          path: ['routes', index, 'number'],
          message: 'the number is there twice',
        });
      }
      seen.add(number);
    });
  });

function toRoute({ number, to, mode, record }: z.infer<typeof routeSchema>): NumberedRoute {
  if (record === false) return { number, to, mode };
  return { number, to, mode, record: record === true ? 'mono' : record };
}

/** The routes of a file's text; the error tells where by JSON pointer. */
export function parseRoutes(text: string): Result<readonly NumberedRoute[], string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return err(`not well-formed JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return ok(parsed.data.routes.map(toRoute));
  const errors = fieldErrors(parsed.error, 'body').slice(0, 5);
  return err(
    errors.map(({ pointer, detail }) => `${pointer === '' ? 'the file' : pointer}: ${detail}`).join('; '),
  );
}

/** The routes of a file; the error says why it can not be used. */
export function readRoutes(path: string): Result<readonly NumberedRoute[], string> {
  try {
    return parseRoutes(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return err(`expected a readable JSON file (${code ?? String(error)})`);
  }
}
