import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { CallLimits, CredentialStore, DigestAlgorithm, DigestRealm, UserCredentials } from '@legato/sip';
import { DIGEST_ALGORITHMS } from '@legato/sip';
import { z } from 'zod';
import { parseSecretJson, readSecretJson } from '../config/json-file';
import {
  ha1From,
  ha1Schema,
  hasOneSecret,
  ONE_SECRET,
  passwordSchema,
  realmSchema,
  userSchema,
} from './ha1-schema';

/** Who may authenticate, and with what. */
export interface Credentials {
  readonly realms: readonly [DigestRealm, ...DigestRealm[]];
  readonly store: CredentialStore;
}

const MAX_USERS = 200_000;
const MAX_REALMS = 100;
const MAX_CALLS = 100_000;
/** A day. */
const MAX_DURATION_S = 86_400;
/** What a password is good for unless the file says more: clients that know only MD5 often fail on any other challenge beside it. */
const FOR_PASSWORDS: readonly DigestAlgorithm[] = ['MD5'];

const limitsSchema = z.strictObject({
  calls: z.int().min(1).max(MAX_CALLS).optional(),
  prefixes: z
    .array(z.string().regex(/^[+0-9A-Za-z*#_.-]{1,64}$/, 'expected the beginning of a number'))
    .min(1)
    .max(1000)
    .optional(),
  duration_s: z.int().min(1).max(MAX_DURATION_S).optional(),
});

const userEntry = z
  .strictObject({
    user: userSchema,
    ha1: ha1Schema.optional(),
    password: passwordSchema.optional(),
    identities: z.array(z.string().min(1).max(128)).max(1000).optional(),
    limits: limitsSchema.optional(),
  })
  .refine(hasOneSecret, ONE_SECRET);

const realmEntry = z.strictObject({
  realm: realmSchema,
  algorithms: z
    .array(z.enum(DIGEST_ALGORITHMS, { error: `expected one of ${DIGEST_ALGORITHMS.join(', ')}` }))
    .min(1)
    .optional(),
  qop: z
    .array(z.enum(['auth', 'auth-int'], { error: 'expected auth or auth-int' }))
    .min(1)
    .default(['auth']),
  users: z.array(userEntry).min(1).max(MAX_USERS),
});
type RealmEntry = z.infer<typeof realmEntry>;

const oneRealm = realmEntry.transform((entry) => [entry]);
const manyRealms = z.array(realmEntry).min(1).max(MAX_REALMS);

/** Passwords are gone from here on. */
const withoutPasswords = ({ realm, users }: RealmEntry): UserCredentials[] =>
  users.map(({ user, identities, limits, ...secret }) => ({
    user,
    ha1: ha1From(secret, user, realm),
    ...(identities && { identities }),
    ...(limits && { limits: limitsOf(limits) }),
  }));

function limitsOf({ calls, prefixes, duration_s: durationS }: z.infer<typeof limitsSchema>): CallLimits {
  return {
    ...(calls !== undefined && { calls }),
    ...(prefixes && { prefixes }),
    ...(durationS !== undefined && { durationS }),
  };
}

/** Offered is only what every user has an HA1 for: a client chooses before we know who it is. None: they do not agree. */
function algorithmsOf({ algorithms, users }: RealmEntry): readonly DigestAlgorithm[] {
  const common = (knows: (user: RealmEntry['users'][number], algorithm: DigestAlgorithm) => boolean) =>
    DIGEST_ALGORITHMS.filter((algorithm) => users.every((user) => knows(user, algorithm)));
  if (!algorithms) {
    return common(({ ha1 }, algorithm) =>
      ha1 ? ha1[algorithm] !== undefined : FOR_PASSWORDS.includes(algorithm),
    );
  }
  const possible = common(({ ha1 }, algorithm) => !ha1 || ha1[algorithm] !== undefined);
  return algorithms.every((each) => possible.includes(each)) ? algorithms : [];
}

const keyOf = (realm: string, user: string): string => `${realm}\n${user}`;

/** Adds a realm and its users; a complaint when they do not fit. */
function addRealm(
  entry: RealmEntry,
  realms: DigestRealm[],
  known: Map<string, UserCredentials>,
): string | undefined {
  const { realm, qop } = entry;
  const algorithms = algorithmsOf(entry);
  if (algorithms.length === 0) return `realm ${realm}: expected HA1s of the same algorithms for all users`;
  const isTwice = realms.some((other) => other.realm.toLowerCase() === realm.toLowerCase());
  if (isTwice) return `realm ${realm}: it is there twice`;
  for (const user of withoutPasswords(entry)) {
    const key = keyOf(realm, user.user);
    if (known.has(key)) return `realm ${realm}: user ${user.user} is there twice`;
    known.set(key, user);
  }
  realms.push({ realm, algorithms, qop });
  return undefined;
}

function build(entries: readonly RealmEntry[]): Result<Credentials, string> {
  const known = new Map<string, UserCredentials>();
  const realms: DigestRealm[] = [];
  for (const entry of entries) {
    const complaint = addRealm(entry, realms, known);
    if (complaint !== undefined) return err(complaint);
  }
  const [first, ...rest] = realms;
  if (!first) return err('expected one realm at least');
  const store = { find: (realm: string, user: string) => known.get(keyOf(realm, user)) };
  return ok({ realms: [first, ...rest], store });
}

/** The credentials of a file's text: a realm, or a list of them. The error shows no secret. */
export function parseCredentials(text: string): Result<Credentials, string> {
  const parsed = parseSecretJson(text, (content) => (Array.isArray(content) ? manyRealms : oneRealm));
  return parsed.ok ? build(parsed.value) : parsed;
}

export const readCredentials = (path: string): Result<Credentials, string> =>
  readSecretJson(path, parseCredentials);
