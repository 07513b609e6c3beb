import type { CallMode } from '@legato/b2bua';
import type { Result } from '@legato/kernel';
import { ok } from '@legato/kernel';
import type { ClientAccount } from '@legato/sip';
import { SipUri } from '@legato/sip';
import { AddressList } from '@legato/sip-nest';
import { isIP } from 'node:net';
import { z } from 'zod';
import {
  ha1From,
  ha1Schema,
  hasOneSecret,
  ONE_SECRET,
  passwordSchema,
  realmSchema,
  userSchema,
} from '../auth/ha1-schema';
import { parseSecretJson, readSecretJson } from '../config/json-file';

/** A way out to somebody else's network, with our credentials there. */
export interface Trunk {
  readonly name: string;
  /** `sip:host:port`, in the order to be tried. */
  readonly targets: readonly string[];
  /** Numbers that begin with one of these leave by it. */
  readonly prefixes: readonly string[];
  /** The host of To: the realm, or that of the first target. */
  readonly domain: string;
  readonly mode: CallMode;
  readonly followsRedirects: boolean;
  /** We register with it under our account. */
  readonly registers?: boolean;
  readonly account?: ClientAccount;
  /** Its word on identities counts, and it is told of them (RFC 3325). */
  readonly isTrusted?: boolean;
}

/** All trunks, and the addresses that their calls come from. */
export interface TrunksConfig {
  readonly trunks: readonly Trunk[];
  readonly sources: AddressList;
  /** Sources and targets of those that are trusted. */
  readonly trusted: AddressList;
}

const MAX_TRUNKS = 1000;
const MAX_TARGETS = 16;
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** As the host of a URI in routes and over REST. */
const nameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'expected 1 to 64 lower-case letters, digits or dashes');

function isTarget(text: string): boolean {
  const uri = SipUri.parse(text);
  return (uri?.scheme === 'sip' || uri?.scheme === 'sips') && uri.user === undefined && !text.includes('?');
}

const trunkEntry = z
  .strictObject({
    name: nameSchema,
    targets: z
      .array(
        z.string().max(255).refine(isTarget, 'expected a SIP URI without user such as sip:192.0.2.1:5060'),
      )
      .min(1)
      .max(MAX_TARGETS),
    realm: realmSchema.optional(),
    user: userSchema.optional(),
    password: passwordSchema.optional(),
    ha1: ha1Schema.optional(),
    prefixes: z
      .array(z.string().regex(/^[A-Za-z0-9+*#._-]{1,64}$/, 'expected the first characters of a number'))
      .max(10_000)
      .default([]),
    sources: z.array(z.string().max(64)).max(1000).default([]),
    mode: z.enum(['direct', 'anchored'], { error: 'expected direct or anchored' }).default('direct'),
    redirects: z.enum(['follow', 'refuse'], { error: 'expected follow or refuse' }).default('refuse'),
    register: z.boolean({ error: 'expected true or false' }).default(false),
    trusted: z.boolean({ error: 'expected true or false' }).default(false),
  })
  .superRefine(({ realm, user, sources, register, ha1, password }, context) => {
    const secret = { ha1, password };
    const hasAccount = realm !== undefined && user !== undefined;
    if (register && !hasAccount) context.addIssue('expected realm and user to register with');
    const hasNothing =
      realm === undefined && user === undefined && !secret.ha1 && secret.password === undefined;
    if (!hasNothing && !hasAccount) context.addIssue('expected realm and user together');
    if (hasAccount && !hasOneSecret(secret)) context.addIssue(ONE_SECRET);
    const parsed = AddressList.parse(sources);
    if (!parsed.ok) {
      context.addIssue({
        code: 'custom',
        path: ['sources', sources.indexOf(parsed.error)],
        message: 'expected an IP address or a range such as 10.0.0.0/8',
      });
    }
  });
type TrunkEntry = z.infer<typeof trunkEntry>;

const fileSchema = z
  .array(trunkEntry)
  .max(MAX_TRUNKS)
  .superRefine((trunks, context) => {
    trunks.forEach(({ name }, index) => {
      if (trunks.findIndex((other) => other.name === name) === index) return;
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'the name is there twice' });
    });
  });

/** Passwords are gone from here on. */
function toTrunk(entry: TrunkEntry): Trunk {
  const { name, targets, prefixes, realm, user, mode, redirects, register, trusted, ...secret } = entry;
  const [first = ''] = targets;
  const host = SipUri.parse(first)?.host ?? '';
  const hasAccount = realm !== undefined && user !== undefined;
  return {
    name,
    targets,
    prefixes,
    domain: HOST_NAME.test(realm ?? '') ? (realm ?? '') : host.includes(':') ? `[${host}]` : host,
    mode,
    followsRedirects: redirects === 'follow',
    ...(register && { registers: true }),
    ...(trusted && { isTrusted: true }),
    ...(hasAccount && { account: { name, realm, user, ha1: ha1From(secret, user, realm) } }),
  };
}

/** The targets that are IP addresses. */
const literals = (targets: readonly string[]): string[] =>
  targets.map((target) => SipUri.parse(target)?.host ?? '').filter((host) => isIP(host) !== 0);

function addresses(entries: readonly string[]): AddressList {
  const list = AddressList.parse(entries);
  return list.ok ? list.value : AddressList.EMPTY;
}

/** The trunks of a file's text; the error tells where by JSON pointer, and shows no secret. */
export function parseTrunks(text: string): Result<TrunksConfig, string> {
  const parsed = parseSecretJson(text, () => fileSchema);
  if (!parsed.ok) return parsed;
  const trusted = parsed.value.filter((entry) => entry.trusted);
  return ok({
    trunks: parsed.value.map(toTrunk),
    sources: addresses(parsed.value.flatMap((entry) => entry.sources)),
    trusted: addresses(trusted.flatMap(({ sources, targets }) => [...sources, ...literals(targets)])),
  });
}

export const readTrunks = (path: string): Result<TrunksConfig, string> => readSecretJson(path, parseTrunks);
