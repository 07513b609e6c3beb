import type { SipRequest } from '@legato/sip';

/** User parts by which RFC 4240 names a service; MSML can ride on the first two (RFC 5707 §9.4). */
const SERVICES: readonly string[] = ['dialog', 'annc', 'ivr'];

/** Whether the INVITE asks for a service of RFC 4240 by its Request-URI: here dialogs are started by dialogstart, not by URIs (488). */
export function asksForService({ uri }: SipRequest): boolean {
  const user = uri?.user?.toLowerCase() ?? '';
  return SERVICES.includes(user) || user.startsWith('conf=');
}
