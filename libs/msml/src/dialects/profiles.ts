import { convedia } from './convedia';
import type { DialectProfile, MsmlDialect } from './dialect';
import { mavenir } from './mavenir';
import { rfc } from './rfc';
import { xms } from './xms';

/** The profile of each dialect. */
export const DIALECTS: Readonly<Record<MsmlDialect, DialectProfile>> = { rfc, xms, convedia, mavenir };

/** Content types of a body that may be MSML, in lower case and without parameters (§18.1, and what is in use). */
const CONTENT_TYPES = [
  'application/msml+xml',
  'application/vnd.radisys.msml+xml',
  'application/xml',
  'text/xml',
];

/** Whether a body of this Content-Type is read as MSML; media control (RFC 5168) and event packages are not. */
export function isMsmlContentType(contentType: string): boolean {
  return CONTENT_TYPES.includes((contentType.split(';')[0] ?? '').trim().toLowerCase());
}
