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

/** Step 5: nothing but a sip: or sips: URI can be registered (§10.2, RFC 4475 §3.3.4), and only one with a user. */
function readAor({ to }: SipRequest): { aor: string } | RegisterRefusal {
  const uri = to.sipUri;
  if (uri?.scheme !== 'sip' && uri?.scheme !== 'sips') return refuseRegister(400, 'To Is No SIP URI');
  const aor = addressOfRecord(uri);
  return aor === undefined ? refuseRegister(404, 'No Address of Record') : { aor };
}

/** Step 6 as far as the request alone decides. */
function readBindings(
  request: SipRequest,
  expiresS: number | undefined,
): Pick<RegisterCommand, 'kind' | 'contacts'> | RegisterRefusal {
  if (!request.headers.has('Contact')) return { kind: 'fetch', contacts: [] };
  const list = decodeContacts(request.headers);
  if (!list || list.contacts.length > MAX_CONTACTS) return refuseRegister(400, 'Malformed Contact');
  if (list.star)
    return expiresS === 0
      ? { kind: 'remove all', contacts: [] }
      : refuseRegister(400, 'Contact * Needs Expires 0');
  return list.contacts.some((contact) => !contact.sipUri || isTooLong(contact))
    ? refuseRegister(400, 'Malformed Contact')
    : { kind: 'update', contacts: list.contacts };
}

/** What a REGISTER asks for (RFC 3261 §10.3 steps 5 and 6, RFC 3327 §5.3), or 400, 404, 420. */
export function readRegister(request: SipRequest): RegisterCommand | RegisterRefusal {
  const address = readAor(request);
  if (isRefusal(address)) return address;
  const path = readPath(request);
  if (isRefusal(path)) return path;
  const expires = readExpires(request);
  const bindings = readBindings(request, expires.expiresS);
  return isRefusal(bindings) ? bindings : { ...address, path, ...expires, ...bindings };
}
