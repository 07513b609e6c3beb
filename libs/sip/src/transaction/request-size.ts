import type { SipRequest } from '../message/sip-request';

/** Beyond this a request is not sent by UDP when there is another way (RFC 3261 §18.1.1, path MTU unknown). */
export const MAX_DATAGRAM_REQUEST_BYTES = 1300;

/** Request line version, line ends, our Via and Content-Length. */
const FIXED_BYTES = 120;
const FIELD_BYTES = 4;

/** About how many bytes a request takes before its Via is put on; never too few for ASCII. */
export function wireBytes(request: SipRequest): number {
  const { method, requestUri, headers, body } = request;
  const fieldBytes = headers.characters + headers.size * FIELD_BYTES;
  return FIXED_BYTES + method.length + requestUri.length + fieldBytes + body.length;
}
