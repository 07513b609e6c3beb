import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { CredentialStore, DigestAlgorithm, DigestRealm, UserCredentials } from '@legato/sip';
import { z } from 'zod';
import { parseSecretJson, readSecretJson } from '../config/json-file';
import { ha1From, ha1Schema, hasOneSecret, ONE_SECRET, passwordSchema, realmSchema, userSchema } from './ha1-schema';

/** Who may authenticate, and how they are asked. */
export interface Credentials {
  readonly realms: readonly [DigestRealm, ...DigestRealm[]];
  readonly store: CredentialStore;
  readonly challengeStatus: 401 | 407;
}

const MAX_USERS = 200_000;
const MAX_REALMS = 100;
/** What is offered unless the file says otherwise; old clients stumble over more. */
const USUAL_ALGORITHMS: readonly DigestAlgorithm[] = ['SHA-256', 'MD5'];

const userEntry = z
  .strictObject({
    user: userSchema,
    ha1: ha1Schema.optional(),
    password: passwordSchema.optional(),
    identities: z.array(z.string().min(1).max(128)).max(1000).optional(),
  })
  .refine(hasOneSecret, ONE_SECRET);

const realmShape = {
  realm: realmSchema,
  algorithms: z
    .array(z.enum(['MD5', 'SHA-256', 'SHA-512-256'], { error: 'expected MD5, SHA-256 or SHA-512-256' }))
    .min(1)
    .optional(),
  qop: z
    .array(z.enum(['auth', 'auth-int'], { error: 'expected auth or auth-int' }))
    .min(1)
    .default(['auth']),
  users: z.array(userEntry).min(1).max(MAX_USERS),
};

const challengeField = z.union([z.literal(401), z.literal(407)], { error: 'expected 401 or 407' }).default(401);
const oneRealm = z.strictObject({ challenge: challengeField, ...realmShape });
const manyRealms = z.strictObject({
  challenge: challengeField,
  realms: z.array(z.strictObject(realmShape)).min(1).max(MAX_REALMS),
});
type RealmEntry = Omit<z.infer<typeof oneRealm>, 'challenge'>;

interface Hashed {
  readonly entry: RealmEntry;
  readonly users: readonly UserCredentials[];
}

/** Passwords are gone from here on. */
function hash(entry: RealmEntry): Hashed {
  const users = entry.users.map(({ user, identities, ...secret }) => ({
    user,
    ha1: ha1From(secret, user, entry.realm),
    ...(identities && { identities }),
  }));
  return { entry, users };
}

/** Offered is only what every user has an HA1 for: a client chooses before we know who it is. */
function algorithmsOf({ entry, users }: Hashed): readonly DigestAlgorithm[] {
  const all: readonly DigestAlgorithm[] = ['SHA-512-256', 'SHA-256', 'MD5'];
  const common = all.filter((algorithm) => users.every(({ ha1 }) => ha1[algorithm] !== undefined));
  if (entry.algorithms) return entry.algorithms.every((each) => common.includes(each)) ? entry.algorithms : [];
  const usual = common.filter((algorithm) => USUAL_ALGORITHMS.includes(algorithm));
  return usual.length > 0 ? usual : common;
}

const keyOf = (realm: string, user: string): string => `${realm}\n${user}`;

function build(entries: readonly RealmEntry[], challengeStatus: 401 | 407): Result<Credentials, string> {
  const known = new Map<string, UserCredentials>();
  const realms: DigestRealm[] = [];
  for (const hashed of entries.map(hash)) {
    const { realm, qop } = hashed.entry;
    const algorithms = algorithmsOf(hashed);
    if (algorithms.length === 0) return err(`realm ${realm}: expected HA1s of the same algorithms for all users`);
    if (realms.some((other) => other.realm.toLowerCase() === realm.toLowerCase()))
      return err(`realm ${realm}: it is there twice`);
    for (const user of hashed.users) {
      if (known.has(keyOf(realm, user.user))) return err(`realm ${realm}: user ${user.user} is there twice`);
      known.set(keyOf(realm, user.user), user);
    }
    realms.push({ realm, algorithms, qop });
  }
  const [first, ...rest] = realms;
  if (!first) return err('expected one realm at least');
  const store = { find: (realm: string, user: string) => known.get(keyOf(realm, user)) };
  return ok({ realms: [first, ...rest], store, challengeStatus });
}

/** The credentials of a file's text: one realm, or several under `realms`. The error shows none of it. */
export function parseCredentials(text: string): Result<Credentials, string> {
  if (/^\s*\{\s*"(?:challenge"\s*:\s*\d+\s*,\s*")?realms"/.test(text)) {
    const parsed = parseSecretJson(text, manyRealms);
    return parsed.ok ? build(parsed.value.realms, parsed.value.challenge) : parsed;
  }
  const parsed = parseSecretJson(text, oneRealm);
  return parsed.ok ? build([parsed.value], parsed.value.challenge) : parsed;
}

export const readCredentials = (path: string): Result<Credentials, string> =>
  readSecretJson(path, parseCredentials);
