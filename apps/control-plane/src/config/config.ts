import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { LOG_LEVELS, scrubText } from '@legato/observability';
import { AddressList } from '@legato/sip-nest';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { ApiKey } from '../api-keys/api-key';
import { readKeysFile } from '../api-keys/configured-keys';
import type { NumberedRoute } from '../calls/number-routes';
import type { AuthConfig } from './auth-fields';
import { authFields, readAuthFiles } from './auth-fields';
import { isLoopback } from './loopback';
import type { RegistrarConfig } from './registrar-fields';
import { registrarConfig, registrarFields } from './registrar-fields';
import { readRoutes } from './routes-file';
import type { ConfiguredMediaServer } from '../media-servers/media-servers-file';
import { plainMediaServers, readMediaServers } from '../media-servers/media-servers-file';
import type { TransportsConfig } from './transport-fields';
import { readTransports, transportFields } from './transport-fields';
import {
  addressListField,
  hostField,
  httpUrlField,
  keyListField,
  nodeIdField,
  pathField,
  portField,
  rateField,
  redisUrlField,
  sipUriListField,
} from './text-fields';
import type { FlowConfig } from './flow-fields';
import { flowConfig, flowFields } from './flow-fields';
import type { RecordingConfig } from './recording-fields';
import { missingForRecordings, recordingConfig, recordingFields } from './recording-fields';
import type { WebhookConfig } from './webhook-fields';
import { webhookConfig, webhookFields } from './webhook-fields';

const hostnameAsId = hostname()
  .replace(/[^A-Za-z0-9_.-]/g, '-')
  .slice(0, 64);

/** Requests of one API key a second. */
const USUAL_API_RATE = 200;

/** The one that is started beside the control plane. */
const DEFAULT_MEDIA_SERVER = 'sip:127.0.0.1:5080';

/** One member per variable of docs/configuration.md. */
const environmentSchema = z.object({
  LEGATO_SIP_HOST: hostField('expected an IP address to bind').default('127.0.0.1'),
  LEGATO_SIP_PORT: portField.default(5060),
  LEGATO_HTTP_HOST: hostField('expected an IP address to bind').default('127.0.0.1'),
  LEGATO_HTTP_PORT: portField.default(3000),
  LEGATO_HTTP_URL: httpUrlField.optional(),
  LEGATO_REDIS_URL: redisUrlField.optional(),
  LEGATO_MEDIA_SERVERS: sipUriListField.optional(),
  LEGATO_MEDIA_SERVERS_FILE: pathField.optional(),
  LEGATO_ROUTES: pathField.optional(),
  LEGATO_API_KEYS: keyListField.default([]),
  LEGATO_API_KEYS_FILE: pathField.optional(),
  LEGATO_API_RATE: rateField.default(USUAL_API_RATE),
  LEGATO_NODE_ID: nodeIdField.default(hostnameAsId === '' ? 'node-1' : hostnameAsId),
  LEGATO_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  LEGATO_RECORDINGS_DIR: pathField.optional(),
  ...recordingFields,
  LEGATO_SIP_ALLOW: addressListField.optional(),
  LEGATO_SIP_TRUSTED_PEERS: addressListField.optional(),
  ...transportFields,
  ...registrarFields,
  ...webhookFields,
  ...flowFields,
  ...authFields,
});

/** The variables that the control plane reads; docs/configuration.md is compared with them by a spec. */
export const CONFIG_VARIABLES = Object.keys(environmentSchema.shape);

const SECRET_VARIABLES = [
  'LEGATO_API_KEYS',
  'LEGATO_DIGEST_SECRET',
  'LEGATO_SECRET_KEY',
  'LEGATO_S3_SECRET_KEY',
];

export interface Config extends AuthConfig {
  readonly sip: TransportsConfig & {
    readonly host: string;
    readonly port: number;
    readonly allow: AddressList;
    /** Whose word on identities counts (RFC 3325). */
    readonly trustedPeers: AddressList;
  };
  /** `url`: where other nodes reach it, when that is not its own address. */
  readonly http: { readonly host: string; readonly port: number; readonly url?: string };
  /** Unset: calls live in memory. */
  readonly redisUrl?: string;
  readonly mediaServers: readonly ConfiguredMediaServer[];
  readonly routes: readonly NumberedRoute[];
  readonly apiKeys: readonly string[];
  readonly keysOfFile: readonly ApiKey[];
  /** Requests of one key a second; 0: no limit. */
  readonly apiRate: number;
  readonly nodeId: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Absolute; recordings outside of it are not served. */
  readonly recordingsDir?: string;
  readonly registrar: RegistrarConfig;
  readonly webhooks: WebhookConfig;
  readonly flows: FlowConfig;
  readonly recordings: RecordingConfig;
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
  const hasKeys = values.LEGATO_API_KEYS.length > 0 || values.LEGATO_API_KEYS_FILE !== undefined;
  if (isLoopback(values.LEGATO_HTTP_HOST) || hasKeys) return undefined;
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
  const missing = missingForRecordings(values);
  if (missing) return err([complaint(missing.variable, env, missing.reason)]);
  const routes = values.LEGATO_ROUTES === undefined ? ok([]) : readRoutes(values.LEGATO_ROUTES);
  if (!routes.ok) return err([complaint('LEGATO_ROUTES', env, routes.error)]);
  const mediaServers = mediaServersOf(values);
  if (!mediaServers.ok) return err([complaint('LEGATO_MEDIA_SERVERS_FILE', env, mediaServers.error)]);
  const auth = readAuthFiles(values);
  if (!auth.ok) return err([complaint(auth.error.variable, env, auth.error.reason)]);
  const open = openTrunks(values, auth.value, env);
  if (open !== undefined) return err([open]);
  const keysOfFile =
    values.LEGATO_API_KEYS_FILE === undefined ? ok([]) : readKeysFile(values.LEGATO_API_KEYS_FILE);
  if (!keysOfFile.ok) return err([complaint('LEGATO_API_KEYS_FILE', env, keysOfFile.error)]);
  const transports = readTransports(values);
  if (!transports.ok) return err([complaint(transports.error.variable, env, transports.error.reason)]);
  return ok(
    configOf(values, {
      routes: routes.value,
      mediaServers: mediaServers.value,
      auth: auth.value,
      transports: transports.value,
      keysOfFile: keysOfFile.value,
    }),
  );
}

/** From the file, or from the list that says of each its URI alone. */
function mediaServersOf({
  LEGATO_MEDIA_SERVERS: uris,
  LEGATO_MEDIA_SERVERS_FILE: path,
}: z.infer<typeof environmentSchema>): Result<readonly ConfiguredMediaServer[], string> {
  if (path === undefined) return ok(plainMediaServers(uris ?? [DEFAULT_MEDIA_SERVER]));
  if (uris !== undefined) return err('expected LEGATO_MEDIA_SERVERS not to be set beside it');
  return readMediaServers(path);
}

/** Calls over trunks cost money: nobody from outside makes them without a name or an address that is known. */
function openTrunks(
  values: z.infer<typeof environmentSchema>,
  { authentication, trunks }: AuthConfig,
  env: Environment,
): string | undefined {
  const isAsked = authentication.credentials !== undefined || values.LEGATO_SIP_ALLOW !== undefined;
  if (trunks.trunks.length === 0 || isAsked || isLoopback(values.LEGATO_SIP_HOST)) return undefined;
  const expectation =
    'expected LEGATO_CREDENTIALS or LEGATO_SIP_ALLOW to be set beside it, or SIP on loopback';
  return complaint('LEGATO_TRUNKS', env, expectation);
}

/** What the files say that the variables name. */
interface FileContents {
  readonly routes: readonly NumberedRoute[];
  readonly mediaServers: readonly ConfiguredMediaServer[];
  readonly auth: AuthConfig;
  readonly transports: TransportsConfig;
  readonly keysOfFile: readonly ApiKey[];
}

function configOf(
  values: z.infer<typeof environmentSchema>,
  { routes, mediaServers, auth, transports, keysOfFile }: FileContents,
): Config {
  return {
    ...auth,
    sip: {
      ...transports,
      host: values.LEGATO_SIP_HOST,
      port: values.LEGATO_SIP_PORT,
      allow: values.LEGATO_SIP_ALLOW ?? AddressList.EMPTY,
      trustedPeers: values.LEGATO_SIP_TRUSTED_PEERS ?? AddressList.EMPTY,
    },
    http: {
      host: values.LEGATO_HTTP_HOST,
      port: values.LEGATO_HTTP_PORT,
      ...(values.LEGATO_HTTP_URL === undefined ? {} : { url: values.LEGATO_HTTP_URL }),
    },
    ...(values.LEGATO_REDIS_URL === undefined ? {} : { redisUrl: values.LEGATO_REDIS_URL }),
    mediaServers,
    routes,
    apiKeys: values.LEGATO_API_KEYS,
    keysOfFile,
    apiRate: values.LEGATO_API_RATE,
    nodeId: values.LEGATO_NODE_ID,
    logLevel: values.LEGATO_LOG_LEVEL,
    registrar: registrarConfig(values),
    webhooks: webhookConfig(values),
    flows: flowConfig(values),
    recordings: recordingConfig(values),
    ...(values.LEGATO_RECORDINGS_DIR === undefined ? {} : { recordingsDir: values.LEGATO_RECORDINGS_DIR }),
  };
}
