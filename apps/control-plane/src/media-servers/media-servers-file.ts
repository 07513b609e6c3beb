import type { MediaServer } from '@legato/b2bua';
import { sipUriText } from '@legato/contracts';
import type { Result } from '@legato/kernel';
import { DIALECTS } from '@legato/msml';
import type { MsmlDialect } from '@legato/msml';
import { SipUri } from '@legato/sip';
import { z } from 'zod';
import { parseSecretJson, readSecretJson } from '../config/json-file';

const MAX_SERVERS = 100;
const MAX_WEIGHT = 100;
const MAX_CAPACITY = 1_000_000;
const LONGEST_MS = 60_000;
const SHORTEST_ANSWER_MS = 100;

/** A media server of the configuration. */
export interface ConfiguredMediaServer extends MediaServer {
  /** Whether a dialog without media is kept to it, over which it is asked by audit. */
  readonly control: boolean;
}

const dialects = Object.keys(DIALECTS) as [MsmlDialect, ...MsmlDialect[]];
const whole = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const serverSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'expected 1 to 64 letters, digits, dots, colons or dashes')
      .optional(),
    uri: sipUriText.refine((uri) => SipUri.parse(uri) !== undefined, 'expected a SIP URI'),
    dialect: z.enum(dialects, { error: `expected one of ${dialects.join(', ')}` }).default('rfc'),
    weight: whole(1, MAX_WEIGHT).default(1),
    capacity: whole(1, MAX_CAPACITY).optional(),
    answer_timeout_ms: whole(SHORTEST_ANSWER_MS, LONGEST_MS).optional(),
    exit_grace_ms: whole(0, LONGEST_MS).optional(),
    control: z.boolean().default(true),
  })
  .transform((server): ConfiguredMediaServer => ({
    id: server.id ?? idOf(server.uri),
    uri: server.uri,
    dialect: server.dialect,
    weight: server.weight,
    control: server.control,
    ...(server.capacity !== undefined && { capacity: server.capacity }),
    ...(server.answer_timeout_ms !== undefined && { answerMs: server.answer_timeout_ms }),
    ...(server.exit_grace_ms !== undefined && { exitGraceMs: server.exit_grace_ms }),
  }));

const fileSchema = z
  .array(serverSchema, { error: 'expected a list of media servers' })
  .min(1, 'expected a media server at least')
  .max(MAX_SERVERS)
  .superRefine((servers, context) => {
    for (const name of ['id', 'uri'] as const) {
      const seen = new Set<string>();
      servers.forEach((server, index) => {
        if (seen.has(server[name]))
          context.addIssue({ code: 'custom', path: [index, name], message: `the ${name} is there twice` });
        seen.add(server[name]);
      });
    }
  });

/** `host:port`, or `host` for the usual port. */
function idOf(uri: string): string {
  const { host = '', port } = SipUri.parse(uri) ?? {};
  const bare = host.replace(/^\[|\]$/g, '');
  return port === undefined ? bare : `${bare}:${port}`;
}

/** Media servers of which nothing but the URI is said: they are spoken to by the RFC, and all the same. */
export function plainMediaServers(uris: readonly string[]): ConfiguredMediaServer[] {
  return [...new Set(uris)].map((uri) => ({ id: idOf(uri), uri, dialect: 'rfc', weight: 1, control: true }));
}

/** The media servers of a file's text; the error tells where by JSON pointer. */
export function parseMediaServers(text: string): Result<readonly ConfiguredMediaServer[], string> {
  return parseSecretJson<ConfiguredMediaServer[]>(text, () => fileSchema);
}

/** The media servers of the file at `path`; the error says why it can not be used. */
export function readMediaServers(path: string): Result<readonly ConfiguredMediaServer[], string> {
  return readSecretJson(path, parseMediaServers);
}
