/** A header field name that is known: its canonical spelling and how its fields behave. */
export interface HeaderName {
  readonly name: string;
  /** Several fields and one comma list mean the same (RFC 3261 §7.3.1). */
  readonly isList: boolean;
  /** A bit of its own for a header of which a second field makes the message malformed, else 0. */
  readonly singleBit: number;
  /** The parser checks it at once (RFC 3261 §8.1.1). */
  readonly isCore: boolean;
}

const CORE = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length'];

const LISTS = `Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority Alert-Info Allow Allow-Events
Call-Info Contact Content-Encoding Content-Language Diversion Error-Info Feature-Caps Geolocation History-Info In-Reply-To
P-Asserted-Identity P-Associated-URI P-Preferred-Identity P-Visited-Network-ID Path Permission-Missing Proxy-Require Reason
Record-Route Recv-Info Reject-Contact Request-Disposition Require Resource-Priority Route Security-Client Security-Server
Security-Verify Service-Route Supported Unsupported Via Warning`;
const SINGLES = `Call-ID CSeq Content-Length Content-Type Event Expires From Max-Forwards Min-Expires Min-SE RAck RSeq Refer-To
Referred-By Replaces Session-Expires SIP-ETag SIP-If-Match Subscription-State To`;
const OTHERS = `Authentication-Info Authorization Content-Disposition Content-ID Date Flow-Timer Identity Identity-Info
Info-Package Join MIME-Version Organization P-Access-Network-Info P-Charging-Vector P-Early-Media P-Preferred-Service Priority
Privacy Proxy-Authenticate Proxy-Authorization Refer-Sub Reply-To Retry-After Server Session-ID Subject Suppress-If-Match
Target-Dialog Timestamp User-Agent User-to-User WWW-Authenticate`;
const COMPACT: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  n: 'Identity-Info',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

interface Slot {
  readonly codes: Uint8Array;
  readonly header: HeaderName;
}

const byLowerName = new Map<string, HeaderName>();
/** Open addressing over the hash that the parser computes while it reads a name; sparse, so that a probe nearly always ends at once. */
const TABLE_SIZE = 2048;
const slots: (Slot | undefined)[] = new Array<Slot | undefined>(TABLE_SIZE).fill(undefined);

/** One step of the hash of a name; `code | 0x20` makes it the same for either case. */
export const hashStep = (hash: number, code: number): number =>
  (hash * 31 + (code | 0x20)) & (TABLE_SIZE - 1);

function addSpelling(spelling: string, header: HeaderName): void {
  const lower = spelling.toLowerCase();
  byLowerName.set(lower, header);
  byLowerName.set(spelling, header);
  const codes = Uint8Array.from(lower, (character) => character.charCodeAt(0));
  let at = codes.reduce(hashStep, 0);
  while (slots[at]) at = (at + 1) & (TABLE_SIZE - 1);
  slots[at] = { codes, header };
}

function addNames(names: string, isList: boolean, isSingle: boolean): void {
  for (const [index, name] of names.split(/\s+/).entries()) {
    addSpelling(name, { name, isList, singleBit: isSingle ? 1 << index : 0, isCore: CORE.includes(name) });
  }
}
addNames(LISTS, true, false);
addNames(SINGLES, false, true);
addNames(OTHERS, false, false);
for (const [letter, name] of Object.entries(COMPACT)) {
  const header = byLowerName.get(name);
  if (header) addSpelling(letter, header);
}

function spells(slot: Slot, bytes: Uint8Array, start: number, length: number): boolean {
  const { codes } = slot;
  if (codes.length !== length) return false;
  for (let i = 0; i < length; i++) if (((bytes[start + i] as number) | 0x20) !== codes[i]) return false;
  return true;
}

/** The known header whose name, compact form included, stands at `start`, given its {@link hashStep} hash. */
export function headerNameAt(
  bytes: Uint8Array,
  start: number,
  length: number,
  hash: number,
): HeaderName | undefined {
  let at = hash;
  for (let slot = slots[at]; slot; slot = slots[at]) {
    if (spells(slot, bytes, start, length)) return slot.header;
    at = (at + 1) & (TABLE_SIZE - 1);
  }
  return undefined;
}

/** The known header of any spelling, compact form included. */
export function headerNameOf(name: string): HeaderName | undefined {
  return byLowerName.get(name) ?? byLowerName.get(name.toLowerCase());
}

/** The canonical spelling, or the name as it is when it is not a known one. */
export const canonicalName = (name: string): string => headerNameOf(name)?.name ?? name;
