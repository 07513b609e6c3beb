import { decodeMediaType } from '../message/header/content-type';
import type { BodyPart } from '../message/multipart';
import { bodyParts, isOptionalPart } from '../message/multipart';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';

const DESCRIPTION = 'application/sdp';
const SESSION_METHODS: readonly string[] = ['INVITE', 'ACK', 'PRACK', 'UPDATE'];
/** Bytes as they are; anything else would have to be decoded first (RFC 5621 §4). */
const PLAIN_ENCODINGS: readonly (string | undefined)[] = [undefined, '7bit', '8bit', 'binary'];

const mediaTypeOf = ({ headers }: BodyPart): string | undefined =>
  decodeMediaType(headers.get('Content-Type') ?? '');

const isDescription = (part: BodyPart): boolean =>
  mediaTypeOf(part) === DESCRIPTION &&
  PLAIN_ENCODINGS.includes(part.headers.get('Content-Transfer-Encoding')?.toLowerCase());

/** The session description of a multipart body; undefined when there is none, or beside it a part that would have to be understood. */
function descriptionPart(message: SipRequest | SipResponse): BodyPart | undefined {
  const parts = bodyParts(message.headers.get('Content-Type'), message.body) ?? [];
  // Of alternatives the last is preferred (RFC 2046 §5.1.4).
  const found = parts.findLast(isDescription);
  const isAlternative = message.contentType === 'multipart/alternative';
  const mustRefuse =
    message.kind === 'request' && parts.some((part) => part !== found && !isOptionalPart(part));
  return mustRefuse && !isAlternative ? undefined : found;
}

/**
 * Puts the session description that stands in a multipart body in the place of that body, so that everybody above finds it where
 * it is else (RFC 5621 §3.1, §8). A request with another part that must be understood stays as it is, to be refused with 415.
 */
export function liftDescription(message: SipRequest | SipResponse): void {
  if (message.body.length === 0 || !message.contentType?.startsWith('multipart/')) return;
  const method = message.kind === 'request' ? message.method : message.cseq.method;
  const part = SESSION_METHODS.includes(method) ? descriptionPart(message) : undefined;
  if (!part) return;
  message.headers.set('Content-Type', part.headers.get('Content-Type') ?? DESCRIPTION);
  message.headers.remove('Content-Length');
  message.body = part.body;
}
