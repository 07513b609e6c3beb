import type { Headers } from '../headers';
import { NameAddr } from '../name-addr';
import { decodeDeltaSeconds } from './expires';
import { decodeQValue } from './q-value';

/** All Contact values of a message (RFC 3261 §20.10): the star of a REGISTER, or addresses. */
export type ContactList =
  | { readonly star: true; readonly contacts: readonly [] }
  | { readonly star: false; readonly contacts: readonly NameAddr[] };

/** undefined when a value is malformed or the star does not stand alone (§10.3 step 6). */
export function decodeContacts(headers: Headers): ContactList | undefined {
  const values = headers.getAll('Contact');
  if (values.includes('*')) return values.length === 1 ? { star: true, contacts: [] } : undefined;
  const contacts: NameAddr[] = [];
  for (const value of values) {
    const contact = NameAddr.parse(value);
    if (!contact) return undefined;
    contacts.push(contact);
  }
  return { star: false, contacts };
}

/** The `expires` parameter in seconds; a malformed one counts as an hour (§20.10). */
export function contactExpires(contact: NameAddr): number | undefined {
  const text = contact.params.get('expires');
  return text === undefined ? undefined : decodeDeltaSeconds(text);
}

/** The `q` parameter, 0 to 1; 1 when absent or malformed (§16.6 step 2 tries higher ones first). */
export const contactQ = (contact: NameAddr): number => decodeQValue(contact.params.get('q')) ?? 1;

/** The field value of several addresses. */
export const encodeContacts = (contacts: readonly NameAddr[]): string => contacts.map(String).join(', ');
