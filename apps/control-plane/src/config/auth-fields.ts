import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { AddressList } from '@legato/sip-nest';
import { z } from 'zod';
import type { AuthenticationConfig } from '../auth/authentication';
import { readCredentials } from '../auth/credentials-file';
import type { TrunksConfig } from '../trunks/trunks-file';
import { readTrunks } from '../trunks/trunks-file';
import { pathField } from './text-fields';

/** Variables of authentication and trunks, see docs/configuration.md. */
export const authFields = {
  LEGATO_CREDENTIALS: pathField.optional(),
  LEGATO_SIP_CHALLENGE: z
    .enum(['401', '407'], { error: 'expected 401 or 407' })
    .transform((status): 401 | 407 => (status === '401' ? 401 : 407))
    .default(401),
  LEGATO_DIGEST_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'expected 16 to 256 printable ASCII characters without blanks')
    .optional(),
  LEGATO_TRUNKS: pathField.optional(),
};

type Values = z.infer<z.ZodObject<typeof authFields>>;

export interface AuthConfig {
  readonly authentication: AuthenticationConfig;
  readonly trunks: TrunksConfig;
}

/** A variable whose file can not be used, and why. */
export interface FileComplaint {
  readonly variable: keyof typeof authFields;
  readonly reason: string;
}

const NO_TRUNKS: TrunksConfig = {
  trunks: [],
  sources: AddressList.EMPTY,
  trusted: AddressList.EMPTY,
};

/** Reads the files that the variables name. */
export function readAuthFiles(values: Values): Result<AuthConfig, FileComplaint> {
  const { LEGATO_CREDENTIALS, LEGATO_TRUNKS, LEGATO_DIGEST_SECRET: secret } = values;
  const credentials = LEGATO_CREDENTIALS === undefined ? ok(undefined) : readCredentials(LEGATO_CREDENTIALS);
  if (!credentials.ok) return err({ variable: 'LEGATO_CREDENTIALS', reason: credentials.error });
  const trunks = LEGATO_TRUNKS === undefined ? ok(NO_TRUNKS) : readTrunks(LEGATO_TRUNKS);
  if (!trunks.ok) return err({ variable: 'LEGATO_TRUNKS', reason: trunks.error });
  const authentication = {
    challengeStatus: values.LEGATO_SIP_CHALLENGE,
    ...(credentials.value && { credentials: credentials.value }),
    ...(typeof secret === 'string' && { secret }),
  };
  return ok({ authentication, trunks: trunks.value });
}
