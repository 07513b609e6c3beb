import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { LOG_LEVELS, scrubText } from '@legato/observability';
import { AddressList } from '@legato/sip-nest';
import { hostname } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import type { NumberedRoute } from '../calls/number-routes';
import { isLoopback } from './loopback';
import type { RegistrarConfig } from './registrar-fields';
import { registrarConfig, registrarFields } from './registrar-fields';
import { readRoutes } from './routes-file';
import {
  addressListField,
  hostField,
  keyListField,
  nodeIdField,
  portField,
  redisUrlField,
  sipUriListField,
} from './text-fields';

const hostnameAsId = hostname()
  .replace(/[^A-Za-z0-9_.-]/g, '-')
  .slice(0, 64);

const pathField = z
  .string()
  .max(4096)
  .transform((path) => (isAbsolute(path) ? path : resolve(path)));

/** One member per variable of docs/configuration.md. */
const environmentSchema = z.object({
  LEGATO_SIP_HOST: hostField('expected an IP address to bind').default('127.0.0.1'),
  LEGATO_SIP_PORT: portField.default(5060),
  LEGATO_HTTP_HOST: hostField('expected an IP address to bind').default('127.0.0.1'),
  LEGATO_HTTP_PORT: portField.default(3000),
  LEGATO_REDIS_URL: redisUrlField.optional(),
  LEGATO_MEDIA_SERVERS: sipUriListField.default(['sip:127.0.0.1:5080']),
  LEGATO_ROUTES: pathField.optional(),
  LEGATO_API_KEYS: keyListField.default([]),
  LEGATO_NODE_ID: nodeIdField.default(hostnameAsId === '' ? 'node-1' : hostnameAsId),
  LEGATO_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  LEGATO_RECORDINGS_DIR: pathField.optional(),
  LEGATO_SIP_ALLOW: addressListField.optional(),
  ...registrarFields,
});

/** The variables that the control plane reads; docs/configuration.md is compared with them by a spec. */
export const CONFIG_VARIABLES = Object.keys(environmentSchema.shape);

const SECRET_VARIABLES = ['LEGATO_API_KEYS'];

export interface Config {
  readonly sip: { readonly host: string; readonly port: number; readonly allow: AddressList };
  readonly http: { readonly host: string; readonly port: number };
  /** Unset: calls live in memory. */
  readonly redisUrl?: string;
  readonly mediaServers: readonly string[];
  readonly routes: readonly NumberedRoute[];
  readonly apiKeys: readonly string[];
  readonly nodeId: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Absolute; recordings outside of it are not served. */
  readonly recordingsDir?: string;
  readonly registrar: RegistrarConfig;
}

type Environment = Readonly<Record<string, string | undefined>>;

function shown(name: string, value: string | undefined): string {
  if (SECRET_VARIABLES.includes(name)) return '(not shown)';
  // Whatever the scheme: a password in a URL is one.
  const safe = scrubText(value ?? '').replace(/\/\/[^/@]*@/g, '//[redacted]@');
  return JSON.stringify(safe.slice(0, 200));
}

const complaint = (name: string, env: Environment, expectation: string): string =>
  `${name}=${shown(name, env[name])}: ${expectation}`;

/** Variables that are set; an empty value counts as not set, as container tools write it. */
const given = (env: Environment): Environment =>
  Object.fromEntries(CONFIG_VARIABLES.filter((name) => env[name]).map((name) => [name, env[name]]));

function exposure(values: z.infer<typeof environmentSchema>, env: Environment): string | undefined {
  if (isLoopback(values.LEGATO_HTTP_HOST) || values.LEGATO_API_KEYS.length > 0) return undefined;
  return complaint(
    'LEGATO_HTTP_HOST',
    env,
    'expected a loopback address as long as LEGATO_API_KEYS is not set',
  );
}

/** The configuration from environment variables, or one line per wrong one: `NAME="value": expectation`. */
export function readConfig(env: Environment): Result<Config, readonly string[]> {
  const parsed = environmentSchema.safeParse(given(env));
  if (!parsed.success) {
    return err(parsed.error.issues.map(({ path, message }) => complaint(String(path[0]), env, message)));
  }
  const values = parsed.data;
  const exposed = exposure(values, env);
  if (exposed !== undefined) return err([exposed]);
  const routes = values.LEGATO_ROUTES === undefined ? ok([]) : readRoutes(values.LEGATO_ROUTES);
  if (!routes.ok) return err([complaint('LEGATO_ROUTES', env, routes.error)]);
  return ok(configOf(values, routes.value));
}

function configOf(values: z.infer<typeof environmentSchema>, routes: readonly NumberedRoute[]): Config {
  return {
    sip: {
      host: values.LEGATO_SIP_HOST,
      port: values.LEGATO_SIP_PORT,
      allow: values.LEGATO_SIP_ALLOW ?? AddressList.EMPTY,
    },
    http: { host: values.LEGATO_HTTP_HOST, port: values.LEGATO_HTTP_PORT },
    ...(values.LEGATO_REDIS_URL === undefined ? {} : { redisUrl: values.LEGATO_REDIS_URL }),
    mediaServers: values.LEGATO_MEDIA_SERVERS,
    routes,
    apiKeys: values.LEGATO_API_KEYS,
    nodeId: values.LEGATO_NODE_ID,
    logLevel: values.LEGATO_LOG_LEVEL,
    registrar: registrarConfig(values),
    ...(values.LEGATO_RECORDINGS_DIR === undefined ? {} : { recordingsDir: values.LEGATO_RECORDINGS_DIR }),
  };
}
