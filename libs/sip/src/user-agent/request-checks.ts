import { isRegisteredMethod } from '../message/methods';
import { decodeOptionTags } from '../message/header/option-tags';
import { decodeSessionExpires } from '../message/header/session-expires';
import type { SipRequest } from '../message/sip-request';
import { SipUri } from '../message/sip-uri';
import type { HeaderList } from './usage-body';

/** What a user agent says of itself when it refuses (RFC 3261 §8.2). */
export interface Capabilities {
  /** Methods that are served; others of the registry get 405 with Allow, the rest 501. */
  readonly allow: readonly string[];
  /** Option tags; what a Require asks beyond gets 420 with Unsupported. */
  readonly supported: readonly string[];
  /** Media types of bodies in a session; others get 415 with Accept. */
  readonly accept: readonly string[];
  /** An INVITE with Max-Forwards 0 gets 483, because it would be forwarded (RFC 7092 §3.1.2). */
  readonly forwards?: boolean;
  /** The shortest session interval that is accepted, in seconds: 422 below it (RFC 4028 §9). */
  readonly minSeS?: number;
  /** Bodies of INFO are the transaction user's to judge: a B2BUA passes every type on (RFC 6086 §4.2). */
  readonly anyInfo?: boolean;
  readonly overloaded?: () => boolean;
}

export interface Refusal {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: HeaderList;
}

/** What a check may look at beside the request. */
export interface CheckContext {
  readonly capabilities: Capabilities;
  /** The same request came by another path (RFC 3261 §8.2.2.2). */
  isMerged(request: SipRequest): boolean;
}

export interface RequestCheck {
  readonly name: string;
  readonly section: string;
  /** Only requests without To tag. */
  readonly outsideOfDialogs?: boolean;
  readonly refuse: (request: SipRequest, context: CheckContext) => Refusal | undefined;
}

const SCHEMES: readonly string[] = ['sip', 'sips', 'tel'];
/** Whose bodies are our business; those of other methods are their controllers'. */
const SESSION_METHODS: readonly string[] = ['INVITE', 'UPDATE', 'PRACK', 'INFO'];
const RETRY_AFTER_S = 5;

function unsupported(request: SipRequest, { capabilities }: CheckContext): Refusal | undefined {
  const required = request.headers.getAll('Require');
  const unknown = required.filter((tag) => !capabilities.supported.includes(tag));
  return unknown.length === 0 ? undefined : { status: 420, headers: [['Unsupported', unknown.join(', ')]] };
}

const isOptional = (request: SipRequest): boolean =>
  /;\s*handling\s*=\s*optional\b/i.test(request.headers.get('Content-Disposition') ?? '');

function foreignBody(request: SipRequest, { capabilities }: CheckContext): Refusal | undefined {
  if (request.body.length === 0 || isOptional(request)) return undefined;
  const encoding = request.headers.get('Content-Encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    return { status: 415, headers: [['Accept-Encoding', 'identity']] };
  if (!SESSION_METHODS.includes(request.method)) return undefined;
  if (request.method === 'INFO' && capabilities.anyInfo) return undefined;
  if (request.contentType !== undefined && capabilities.accept.includes(request.contentType))
    return undefined;
  return { status: 415, headers: [['Accept', capabilities.accept.join(', ')]] };
}

function foreignMethod({ method }: SipRequest, { capabilities }: CheckContext): Refusal | undefined {
  if (capabilities.allow.includes(method)) return undefined;
  return {
    status: isRegisteredMethod(method) ? 405 : 501,
    headers: [['Allow', capabilities.allow.join(', ')]],
  };
}

function shortSession({ method, headers }: SipRequest, { capabilities }: CheckContext): Refusal | undefined {
  const { minSeS } = capabilities;
  if (minSeS === undefined || (method !== 'INVITE' && method !== 'UPDATE')) return undefined;
  const expires = decodeSessionExpires(headers.get('Session-Expires') ?? '');
  // Who knows no timers can not try again: its proxy's wish is granted (RFC 4028 §8.1).
  if (!expires || expires.seconds >= minSeS || !decodeOptionTags(headers, 'Supported').includes('timer'))
    return undefined;
  return { status: 422, headers: [['Min-SE', String(minSeS)]] };
}

/** Says that it is a SIP URI and can not be read as one: without host, with an empty user. */
function isBrokenSipUri(uri: string): boolean {
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase();
  return (scheme === 'sip' || scheme === 'sips') && SipUri.parse(uri) === undefined;
}

/** An INVITE that lists what it takes, and no session description among it, could not be answered (RFC 3261 §21.4.7). */
function takesDescriptions({ method, headers }: SipRequest): boolean {
  if (method !== 'INVITE' || !headers.has('Accept')) return true;
  const ranges = headers.getAll('Accept').map((range) => (range.split(';')[0] ?? '').trim().toLowerCase());
  return ranges.some((range) => ['application/sdp', 'application/*', '*/*'].includes(range));
}

const wouldLoop = (request: SipRequest, { capabilities }: CheckContext): boolean =>
  capabilities.forwards === true && request.method === 'INVITE' && request.maxForwards === 0;

const isShed = (request: SipRequest, { capabilities }: CheckContext): boolean =>
  request.method === 'INVITE' && (capabilities.overloaded?.() ?? false);

/** Whether a request is refused, in this order (RFC 3261 §8.2.1 to §8.2.3). The parser has answered 505 and most of 400. */
export const requestChecks: readonly RequestCheck[] = [
  {
    name: 'readable Request-URI',
    section: 'RFC 3261 §8.2.2.1',
    refuse: ({ uri }) => (uri ? undefined : { status: 400, reason: 'Malformed Request-URI' }),
  },
  {
    name: 'readable Contact',
    section: 'RFC 3261 §8.1.1.8',
    refuse: (request) =>
      request.method === 'INVITE' && request.headers.has('Contact') && !request.contact
        ? { status: 400, reason: 'Malformed Contact' }
        : undefined,
  },
  {
    name: 'readable From',
    section: 'RFC 3261 §25.1',
    refuse: ({ from }) => (isBrokenSipUri(from.uri) ? { status: 400, reason: 'Malformed From' } : undefined),
  },
  {
    name: 'scheme of the Request-URI',
    section: 'RFC 3261 §8.2.2.1',
    refuse: ({ uri }) => (uri && SCHEMES.includes(uri.scheme) ? undefined : { status: 416 }),
  },
  {
    name: 'merged request',
    section: 'RFC 3261 §8.2.2.2',
    outsideOfDialogs: true,
    refuse: (request, context) => (context.isMerged(request) ? { status: 482 } : undefined),
  },
  {
    name: 'hops left',
    section: 'RFC 7092 §3.1.2',
    outsideOfDialogs: true,
    refuse: (request, context) => (wouldLoop(request, context) ? { status: 483 } : undefined),
  },
  { name: 'required extensions', section: 'RFC 3261 §8.2.2.3', refuse: unsupported },
  { name: 'body', section: 'RFC 3261 §8.2.3', refuse: foreignBody },
  {
    name: 'acceptable description',
    section: 'RFC 3261 §8.2.3',
    refuse: (request) => (takesDescriptions(request) ? undefined : { status: 406 }),
  },
  { name: 'method', section: 'RFC 3261 §8.2.1', refuse: foreignMethod },
  { name: 'session interval', section: 'RFC 4028 §9', refuse: shortSession },
  {
    name: 'load',
    section: 'RFC 3261 §21.5.4',
    outsideOfDialogs: true,
    refuse: (request, context) =>
      isShed(request, context)
        ? { status: 503, headers: [['Retry-After', String(RETRY_AFTER_S)]] }
        : undefined,
  },
];

/** The first refusal, or undefined when the request is taken. */
export function checkRequest(request: SipRequest, context: CheckContext): Refusal | undefined {
  const inDialog = request.to.tag !== undefined;
  for (const { outsideOfDialogs, refuse } of requestChecks) {
    const refusal = inDialog && outsideOfDialogs ? undefined : refuse(request, context);
    if (refusal) return refusal;
  }
  return undefined;
}
