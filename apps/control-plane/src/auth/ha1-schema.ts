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

export const passwordSchema = z
  .string()
  .min(1, 'expected 1 to 256 characters')
  .max(256, 'expected 1 to 256 characters');

/** Printable, without what a quoted string or a log line would have to escape. */
export const realmSchema = z
  .string()
  .regex(
    /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,128}$/,
    'expected 1 to 128 printable ASCII characters without " and \\',
  );

export const userSchema = z
  .string()
  .regex(
    /^[^\p{Cc}"\\:]{1,128}$/u,
    'expected 1 to 128 characters, none of them a control, a quote or a colon',
  );

/** Secrets as a file gives them: HA1s, or a password, which is hashed and forgotten here. */
export interface GivenSecret {
  readonly ha1?: z.infer<typeof ha1Schema> | undefined;
  readonly password?: string | undefined;
}

export const ONE_SECRET = 'expected either ha1 or password';

/** True when exactly one of them is given. */
export const hasOneSecret = (secret: GivenSecret): boolean =>
  [secret.ha1, secret.password].filter((each) => each !== undefined).length === 1;

export function ha1From({ ha1 = {}, password }: GivenSecret, user: string, realm: string): Ha1ByAlgorithm {
  if (typeof password === 'string') return allHa1(user, realm, password);
  const { MD5, 'SHA-256': sha256, 'SHA-512-256': sha512 } = ha1;
  return {
    ...(MD5 === undefined ? {} : { MD5 }),
    ...(sha256 === undefined ? {} : { 'SHA-256': sha256 }),
    ...(sha512 === undefined ? {} : { 'SHA-512-256': sha512 }),
  };
}
