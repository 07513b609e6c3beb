import type { NameAddr } from '../message/name-addr';
import type { SipRequest } from '../message/sip-request';
import { decodeContacts } from '../message/header/contact';
import { decodeExpires } from '../message/header/expires';
import { decodeOptionTags } from '../message/header/option-tags';
import { decodeRoutes } from '../message/header/route';
import { addressOfRecord } from './address-of-record';
import type { RegisterRefusal } from './register-refusal';
import { refuseRegister } from './register-refusal';

/** What a REGISTER asks for (RFC 3261 §10.2). */
export interface RegisterCommand {
  /** Canonical. */
  readonly aor: string;
  readonly kind: 'fetch' | 'remove all' | 'update';
  readonly contacts: readonly NameAddr[];
  /** The Expires header in seconds. */
  readonly expiresS?: number;
  /** Path values, raw (RFC 3327). */
  readonly path: readonly string[];
}

const MAX_CONTACTS = 64;
const MAX_PATH = 16;
const MAX_URI_CHARACTERS = 1024;

const isTooLong = ({ uri }: NameAddr): boolean => uri.length > MAX_URI_CHARACTERS;

/** The path vector; a client that does not say `Supported: path` may not know that a proxy stepped in (RFC 3327 §5.3). */
function readPath(request: SipRequest): readonly string[] | RegisterRefusal {
  if (!request.headers.has('Path')) return [];
  if (!decodeOptionTags(request.headers, 'Supported').includes('path'))
    return refuseRegister(420, 'Bad Extension', [['Unsupported', 'path']]);
  const routes = decodeRoutes(request.headers, 'Path');
  if (!routes || routes.length > MAX_PATH || routes.some(isTooLong))
    return refuseRegister(400, 'Malformed Path');
  return routes.map(String);
}

const isRefusal = <T extends object>(value: T | RegisterRefusal): value is RegisterRefusal =>
  'status' in value;

function readExpires(request: SipRequest): { expiresS?: number } {
  const text = request.headers.get('Expires');
  return text === undefined ? {} : { expiresS: decodeExpires(text) };
}

/** Steps 5 and 6 of RFC 3261 §10.3 as far as the request alone decides, and RFC 3327 §5.3: 400, 404 and 420. */
export function readRegister(request: SipRequest): RegisterCommand | RegisterRefusal {
  const uri = request.to.sipUri;
  const aor = uri && addressOfRecord(uri);
  if (aor === undefined) return refuseRegister(404, 'No Address of Record');
  const path = readPath(request);
  if (isRefusal(path)) return path;
  const common = { aor, path, ...readExpires(request) };
  if (!request.headers.has('Contact')) return { ...common, kind: 'fetch', contacts: [] };
  const list = decodeContacts(request.headers);
  if (!list || list.contacts.length > MAX_CONTACTS) return refuseRegister(400, 'Malformed Contact');
  if (list.star) {
    if (common.expiresS !== 0) return refuseRegister(400, 'Contact * needs Expires 0');
    return { ...common, kind: 'remove all', contacts: [] };
  }
  if (list.contacts.some((contact) => !contact.sipUri || isTooLong(contact)))
    return refuseRegister(400, 'Malformed Contact');
  return { ...common, kind: 'update', contacts: list.contacts };
}
