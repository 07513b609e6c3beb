import type { Headers } from '../headers';
import { NameAddr } from '../name-addr';

/** The identities of P-Asserted-Identity or P-Preferred-Identity (RFC 3325 §9.1, §9.2); malformed ones are left out. */
export function decodeIdentities(
  headers: Headers,
  name: 'P-Asserted-Identity' | 'P-Preferred-Identity',
): NameAddr[] {
  const identities: NameAddr[] = [];
  for (const value of headers.getAll(name)) {
    const identity = NameAddr.parse(value);
    if (identity) identities.push(identity);
  }
  return identities;
}

export const encodeIdentities = (identities: readonly NameAddr[]): string =>
  identities.map(String).join(', ');
