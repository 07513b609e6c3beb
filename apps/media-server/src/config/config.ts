import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { LogLevel } from '@legato/observability';
import { LOG_LEVELS, scrubText } from '@legato/observability';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

const MAX_PORT = 65_535;
const PORT = 'expected a port number from 0 (any free port) to 65535';
const PORTS = 'expected a range of ports such as 30000-39999, or 0 for any free port';

const hostField = z.string().transform((text, context) => {
  const host = text === 'localhost' ? '127.0.0.1' : text;
  if (isIP(host) === 0) context.addIssue('expected an IP address to bind');
  return host;
});

const portField = z
  .string()
  .regex(/^\d{1,5}$/, PORT)
  .transform(Number)
  .refine((port) => port <= MAX_PORT, PORT);

const portRangeField = z.string().transform((text, context) => {
  if (text === '0') return { first: 0, last: 0 };
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  // An even port and the odd one above it make one connection.
  if (!match || first < 1 || last > MAX_PORT || last <= first) context.addIssue(PORTS);
  return { first, last };
});

const folderField = z
  .string()
  .max(4096)
  .transform((path) => resolve(path));

/** One member per variable of docs/media-server.md. */
const environmentSchema = z.object({
  LEGATO_MS_SIP_HOST: hostField.default('127.0.0.1'),
  LEGATO_MS_SIP_PORT: portField.default(5080),
  LEGATO_MS_RTP_PORTS: portRangeField.default({ first: 30_000, last: 39_999 }),
  LEGATO_MS_RECORDINGS_DIR: folderField.optional(),
  LEGATO_MS_PROMPTS_DIR: folderField.optional(),
  LEGATO_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

/** The variables that the media server reads. */
export const CONFIG_VARIABLES = Object.keys(environmentSchema.shape);

export interface MediaServerConfig {
  /** Where SIP is bound; port 0 is any free one. */
  readonly sip: { readonly host: string; readonly port: number };
  /** Even ports from `first` to `last`; 0..0 lets the system choose. */
  readonly rtpPorts: { readonly first: number; readonly last: number };
  /** Absolute; recordings are written below it and nowhere else. */
  readonly recordingsDir: string;
  /** Absolute; prompts are read below it. */
  readonly promptsDir: string;
  readonly logLevel: LogLevel;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that are set; an empty value counts as not set, as container tools write it. */
const given = (env: Environment): Environment =>
  Object.fromEntries(CONFIG_VARIABLES.filter((name) => env[name]).map((name) => [name, env[name]]));

const complaint = (name: string, env: Environment, expectation: string): string =>
  `${name}=${JSON.stringify(scrubText(env[name] ?? '').slice(0, 200))}: ${expectation}`;

const SHIPPED_PROMPTS = join('apps', 'media-server', 'prompts');

/** The prompts that come with the project, from wherever below it this file was built to. */
function shippedPromptsDir(): string | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, SHIPPED_PROMPTS);
    if (existsSync(found)) return found;
  }
  return undefined;
}

/** The folder `prompts` here, or the one that comes with the project. */
function defaultPromptsDir(): string {
  const here = resolve('prompts');
  return existsSync(here) ? here : (shippedPromptsDir() ?? here);
}

/** The configuration from environment variables, or one line per wrong one: `NAME="value": expectation`. */
export function readConfig(env: Environment): Result<MediaServerConfig, readonly string[]> {
  const parsed = environmentSchema.safeParse(given(env));
  if (!parsed.success) {
    return err(parsed.error.issues.map(({ path, message }) => complaint(String(path[0]), env, message)));
  }
  const values = parsed.data;
  return ok({
    sip: { host: values.LEGATO_MS_SIP_HOST, port: values.LEGATO_MS_SIP_PORT },
    rtpPorts: values.LEGATO_MS_RTP_PORTS,
    recordingsDir: values.LEGATO_MS_RECORDINGS_DIR ?? resolve('recordings'),
    promptsDir: values.LEGATO_MS_PROMPTS_DIR ?? defaultPromptsDir(),
    logLevel: values.LEGATO_LOG_LEVEL,
  });
}
