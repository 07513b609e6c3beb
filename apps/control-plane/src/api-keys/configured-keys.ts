import { ADMIN_SCOPE, keyName, scopeList } from '@legato/contracts';
import type { Result } from '@legato/kernel';
import { z } from 'zod';
import { parseSecretJson, readSecretJson } from '../config/json-file';
import type { ApiKey } from './api-key';
import { hashOf } from './api-key';

const MAX_KEYS = 1_000;
const MAX_KEY_CHARACTERS = 256;

const keySchema = z
  .strictObject({
    name: keyName,
    key: z
      .string()
      .max(MAX_KEY_CHARACTERS)
      .regex(/^[\x21-\x7e]+$/, 'expected printable ASCII characters without blanks')
      .optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'expected 64 hexadecimal digits')
      .optional(),
    scopes: scopeList,
  })
  .refine(
    ({ key, sha256 }) => (key === undefined) !== (sha256 === undefined),
    'expected either key or sha256',
  );

const fileSchema = z.strictObject({ keys: z.array(keySchema).min(1).max(MAX_KEYS) });

/** The keys of LEGATO_API_KEYS may do everything. */
export const plainKeys = (keys: readonly string[]): ApiKey[] =>
  keys.map((key, index) => ({
    id: `configured-${index + 1}`,
    name: `LEGATO_API_KEYS, number ${index + 1}`,
    scopes: [ADMIN_SCOPE],
    hash: hashOf(key),
  }));

/** The keys of a file; the error says where it is wrong, and shows no key. */
export function readKeysFile(path: string): Result<ApiKey[], string> {
  const read = readSecretJson(path, (text) => parseSecretJson(text, () => fileSchema));
  if (!read.ok) return read;
  const keys = read.value.keys.map(({ name, key, sha256, scopes }, index) => ({
    id: `file-${index + 1}`,
    name,
    scopes,
    hash: key === undefined ? Buffer.from(sha256 ?? '', 'hex') : hashOf(key),
  }));
  return { ok: true, value: keys };
}
