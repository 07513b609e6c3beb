import { applicationName, fieldErrors, rejectCallSchema, sipUriText } from '@legato/contracts';
import { flowName } from '@legato/flows';
import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { askedApplication } from '../calls/asked-application';
import type { NumberedRoute } from '../calls/number-routes';
import { REGISTERED, USER_PREFIX } from '../calls/number-routes';

const MAX_ROUTES = 100_000;

const USER = new RegExp(`^${USER_PREFIX}[A-Za-z0-9+._-]{1,64}$`);

/** Who can take a caller in hand. */
const TAKERS = ['flow', 'conference', 'webhook'] as const;
/** A number leads to one of these. */
const DESTINATIONS = ['to', ...TAKERS] as const;
const MAX_ANSWER_S = 10;

const isUrl = (webhook: string): boolean => webhook.includes(':');

const fallbackSchema = z.union(
  [z.strictObject({ flow: flowName }), z.strictObject({ status: rejectCallSchema.shape.status.unwrap() })],
  { error: 'expected {"flow": name} or {"status": 400 to 699}' },
);

const routeSchema = z
  .strictObject({
    number: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9+._-]*\*?$/, 'expected a number, exact or with a trailing *')
      .min(1),
    to: z
      .union([sipUriText, z.literal(REGISTERED), z.string().regex(USER)], {
        error: 'expected a SIP URI, registered, or user: and the name of a user',
      })
      .optional(),
    flow: applicationName.optional(),
    conference: applicationName.optional(),
    webhook: z
      .union([applicationName, z.url({ protocol: /^https?$/ }).max(512)], {
        error: 'expected a name, or a URL of https: or http:',
      })
      .optional(),
    timeout_s: z.int().min(1).max(MAX_ANSWER_S).optional(),
    fallback: fallbackSchema.optional(),
    mode: z.enum(['direct', 'anchored'], { error: 'expected direct or anchored' }).optional(),
    record: z
      .union([z.boolean(), z.enum(['mono', 'dual'])], { error: 'expected true, false, mono or dual' })
      .default(false),
  })
  .superRefine((route, context) => {
    const complain = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const [destination, ...others] = DESTINATIONS.filter((kind) => route[kind] !== undefined);
    if (destination === undefined || others.length > 0)
      complain([], `expected one of ${DESTINATIONS.join(', ')}`);
    else if (destination === 'to' && route.mode === undefined)
      complain(['mode'], 'expected direct or anchored');
    else if (destination !== 'to' && route.mode !== undefined)
      complain(['mode'], `goes with to only: a ${destination} is at the media server`);
    for (const field of ['timeout_s', 'fallback'] as const) {
      if (route[field] !== undefined && !isUrl(route.webhook ?? ''))
        complain([field], 'goes with a webhook that is a URL');
    }
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

function toRoute({
  number,
  to,
  mode,
  record,
  timeout_s,
  fallback,
  ...names
}: z.infer<typeof routeSchema>): NumberedRoute {
  const recorded = record === false ? {} : { record: record === true ? ('mono' as const) : record };
  if (to !== undefined && mode !== undefined) return { number, to, mode, ...recorded };
  const { webhook = '' } = names;
  if (isUrl(webhook)) {
    const application = {
      url: webhook,
      ...(timeout_s !== undefined && { timeout_s }),
      ...(fallback && { fallback }),
    };
    return { number, ...askedApplication(application), ...recorded };
  }
  const kind = TAKERS.find((candidate) => names[candidate] !== undefined) ?? 'webhook';
  return { number, target: { kind, name: names[kind] ?? '' }, ...recorded };
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
