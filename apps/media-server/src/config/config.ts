import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { UdpBackend } from '@legato/media';
import { UDP_BACKENDS } from '@legato/media';
import type { LogLevel } from '@legato/observability';
import { LOG_LEVELS, scrubText } from '@legato/observability';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isAllowEntry } from '@legato/outbound-http';
import { z } from 'zod';
import { DEFAULT_CODECS } from '../sessions/codecs';
import { shippedFolder } from './shipped-folder';

const MAX_PORT = 65_535;
const LARGEST_FETCH_BYTES = 128 * 1024 * 1024;
const LONGEST_FETCH_MS = 60_000;
const LONGEST_DRAIN_MS = 3_600_000;
const DRAIN = `expected milliseconds from 0 to ${LONGEST_DRAIN_MS}`;
const LONGEST_UNHEARD_MS = 3_600_000;
const UNHEARD = `expected milliseconds from 0 (for ever) to ${LONGEST_UNHEARD_MS}`;
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

const codecsField = z.string().transform((text, context) => {
  const codecs = text.split(',').map((codec) => codec.trim());
  const unknown = codecs.some((codec) => !(DEFAULT_CODECS as readonly string[]).includes(codec));
  if (unknown) context.addIssue(`expected some of ${DEFAULT_CODECS.join(',')}`);
  return codecs;
});

const allowField = z.string().transform((text, context) => {
  const entries = text.split(',').map((entry) => entry.trim());
  if (!entries.every(isAllowEntry))
    context.addIssue('expected addresses, ranges such as 10.0.0.0/8, or host names');
  return entries;
});

const countField = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,11}$/, `expected a number from 1 to ${most}`)
    .transform(Number)
    .refine((count) => count <= most, `expected a number from 1 to ${most}`);

const drainField = z
  .string()
  .regex(/^\d{1,7}$/, DRAIN)
  .transform(Number)
  .refine((ms) => ms <= LONGEST_DRAIN_MS, DRAIN);

const unheardField = z
  .string()
  .regex(/^\d{1,7}$/, UNHEARD)
  .transform(Number)
  .refine((ms) => ms <= LONGEST_UNHEARD_MS, UNHEARD)
  .transform((ms) => ms || Infinity);

const folderField = z
  .string()
  .max(4096)
  .transform((path) => resolve(path));

/** One member per variable of docs/media-server.md. */
const environmentSchema = z.object({
  LEGATO_MS_SIP_HOST: hostField.default('127.0.0.1'),
  LEGATO_MS_SIP_PORT: portField.default(5080),
  LEGATO_MS_RTP_PORTS: portRangeField.default({ first: 30_000, last: 39_999 }),
  LEGATO_MS_UDP: z
    .enum(UDP_BACKENDS, { error: `expected one of ${UDP_BACKENDS.join(', ')}` })
    .default('auto'),
  LEGATO_MS_UNHEARD_MS: unheardField.default(60_000),
  LEGATO_MS_CODECS: codecsField.default([...DEFAULT_CODECS]),
  LEGATO_MS_RECORDINGS_DIR: folderField.optional(),
  LEGATO_MS_PROMPTS_DIR: folderField.optional(),
  LEGATO_MS_VOICES_DIR: folderField.optional(),
  LEGATO_MS_HTTP_HOST: hostField.default('127.0.0.1'),
  LEGATO_MS_HTTP_PORT: portField.optional(),
  LEGATO_MS_DRAIN_MS: drainField.default(2000),
  LEGATO_MS_FETCH_ALLOW: allowField.default([]),
  LEGATO_MS_FETCH_MAX_BYTES: countField(LARGEST_FETCH_BYTES).default(8 * 1024 * 1024),
  LEGATO_MS_FETCH_TIMEOUT_MS: countField(LONGEST_FETCH_MS).default(10_000),
  LEGATO_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

/** The variables that the media server reads. */
export const CONFIG_VARIABLES = Object.keys(environmentSchema.shape);

export interface MediaServerConfig {
  /** Where SIP is bound; port 0 is any free one. */
  readonly sip: { readonly host: string; readonly port: number };
  /** Even ports from `first` to `last`; 0..0 lets the system choose. */
  readonly rtpPorts: { readonly first: number; readonly last: number };
  /** How RTP gets to the operating system. */
  readonly udp: UdpBackend;
  /** How long RTP goes to an address from which nothing has come yet; Infinity: for ever. */
  readonly unheardMs: number;
  /** Encodings that are negotiated, the first preferred. */
  readonly codecs: readonly string[];
  /** Absolute; recordings are written below it and nowhere else. */
  readonly recordingsDir: string;
  /** Absolute; prompts are read below it. */
  readonly promptsDir: string;
  /** Absolute; has a folder of clips for each language that variables are spoken in. */
  readonly voicesDir: string;
  /** Where /metrics and /healthz are; without a port nowhere. */
  readonly http: { readonly host: string; readonly port: number | undefined };
  /** How long calls may go on after the order to stop. */
  readonly drainMs: number;
  /** How prompts are fetched from the web. */
  readonly fetch: {
    /** Addresses, ranges and host names that may be fetched from although they are not public. */
    readonly allow: readonly string[];
    readonly maxBytes: number;
    readonly timeoutMs: number;
  };
  readonly logLevel: LogLevel;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that are set; an empty value counts as not set, as container tools write it. */
const given = (env: Environment): Environment =>
  Object.fromEntries(CONFIG_VARIABLES.filter((name) => env[name]).map((name) => [name, env[name]]));

const complaint = (name: string, env: Environment, expectation: string): string =>
  `${name}=${JSON.stringify(scrubText(env[name] ?? '').slice(0, 200))}: ${expectation}`;

/** The folder `prompts` here, or the one that comes with the project. */
function defaultPromptsDir(): string {
  const here = resolve('prompts');
  return existsSync(here) ? here : (shippedFolder('prompts') ?? here);
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
    udp: values.LEGATO_MS_UDP,
    unheardMs: values.LEGATO_MS_UNHEARD_MS,
    codecs: values.LEGATO_MS_CODECS,
    recordingsDir: values.LEGATO_MS_RECORDINGS_DIR ?? resolve('recordings'),
    promptsDir: values.LEGATO_MS_PROMPTS_DIR ?? defaultPromptsDir(),
    voicesDir: values.LEGATO_MS_VOICES_DIR ?? shippedFolder('voices') ?? resolve('voices'),
    http: { host: values.LEGATO_MS_HTTP_HOST, port: values.LEGATO_MS_HTTP_PORT },
    drainMs: values.LEGATO_MS_DRAIN_MS,
    fetch: {
      allow: values.LEGATO_MS_FETCH_ALLOW,
      maxBytes: values.LEGATO_MS_FETCH_MAX_BYTES,
      timeoutMs: values.LEGATO_MS_FETCH_TIMEOUT_MS,
    },
    logLevel: values.LEGATO_LOG_LEVEL,
  });
}
