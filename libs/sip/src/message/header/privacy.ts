import type { Headers } from '../headers';

/** The priv-values of Privacy (RFC 3323 §4.2): lower case, semicolons between them, commas taken too. */
export function decodePrivacy(headers: Headers): string[] {
  const values: string[] = [];
  for (const field of headers.getAll('Privacy')) {
    for (const part of field.replaceAll(',', ';').split(';')) {
      const value = part.trim().toLowerCase();
      if (value !== '') values.push(value);
    }
  }
  return values;
}

/** True when the identity must not leave the trust domain: `id` of RFC 3325 §9.3. */
export const hidesIdentity = (headers: Headers): boolean => decodePrivacy(headers).includes('id');

export const encodePrivacy = (values: readonly string[]): string => values.join(';');
