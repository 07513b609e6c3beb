import type { DigestAlgorithm, Ha1ByAlgorithm } from '@legato/sip';
import { allHa1, DIGEST_ALGORITHMS, DIGEST_LENGTHS } from '@legato/sip';
import { z } from 'zod';

const hexOf = (algorithm: DigestAlgorithm) =>
  z
    .string()
    .regex(
      new RegExp(`^[0-9a-fA-F]{${DIGEST_LENGTHS[algorithm]}}$`),
      `expected ${DIGEST_LENGTHS[algorithm]} hexadecimal digits`,
    )
    .toLowerCase()
    .optional();

/** H(user:realm:password) for one algorithm at least. */
export const ha1Schema = z
  .strictObject({
    MD5: hexOf('MD5'),
    'SHA-256': hexOf('SHA-256'),
    'SHA-512-256': hexOf('SHA-512-256'),
  })
  .refine((ha1) => DIGEST_ALGORITHMS.some((algorithm) => ha1[algorithm] !== undefined), {
    error: `expected one of ${DIGEST_ALGORITHMS.join(', ')}`,
  });

export const passwordSchema = z.string().min(1, 'expected 1 to 256 characters').max(256, 'expected 1 to 256 characters');

/** Printable, without what a quoted string or a log line would have to escape. */
export const realmSchema = z
  .string()
  .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'expected 1 to 128 printable ASCII characters without " and \\');

export const userSchema = z
  .string()
  .regex(/^[^\p{Cc}"\\:]{1,128}$/u, 'expected 1 to 128 characters, none of them a control, a quote or a colon');

/** Secrets as a file gives them: HA1s, or a password, which is hashed and forgotten here. */
export interface GivenSecret {
  readonly ha1?: z.infer<typeof ha1Schema> | undefined;
  readonly password?: string | undefined;
}

export const ONE_SECRET = 'expected either ha1 or password';

/** True when exactly one of them is given. */
export const hasOneSecret = ({ ha1, password }: GivenSecret): boolean =>
  (ha1 === undefined) !== (password === undefined);

export function ha1From(secret: GivenSecret, user: string, realm: string): Ha1ByAlgorithm {
  const { ha1, password } = secret;
  if (password !== undefined) return allHa1(user, realm, password);
  const given = DIGEST_ALGORITHMS.map((algorithm) => [algorithm, ha1?.[algorithm]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Ha1ByAlgorithm;
}
