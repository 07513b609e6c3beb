import { Buffer } from 'node:buffer';
import { assertFieldValue, isToken, SP } from './characters';
import type { SipMessage } from './sip-message';
import type { SipRequest } from './sip-request';

function requestLine(request: SipRequest): string {
  if (!isToken(request.method)) throw new TypeError(`method ${JSON.stringify(request.method)}`);
  const uri = request.requestUri;
  if (uri === '') throw new TypeError('empty Request-URI');
  for (let i = 0; i < uri.length; i++) {
    if (uri.charCodeAt(i) <= SP) throw new TypeError('blank or control character in Request-URI');
  }
  return `${request.method} ${uri} SIP/2.0\r\n`;
}

function statusLine(status: number, reason: string): string {
  if (!Number.isInteger(status) || status < 100 || status > 699) throw new TypeError(`status ${status}`);
  assertFieldValue('reason phrase', reason);
  return `SIP/2.0 ${status} ${reason}\r\n`;
}

/**
 * Wire bytes in UTF-8; Content-Length is always written here, from the body (RFC 3261 §18.3, §20.14). Throws TypeError when
 * method, Request-URI, status or reason would not survive the wire; {@link Headers} has checked the fields.
 */
export function serialize(message: SipMessage): Buffer {
  const start =
    message.kind === 'request' ? requestLine(message) : statusLine(message.status, message.reason);
  const { body } = message;
  const head = `${start}${message.headers.toWire('Content-Length')}Content-Length: ${body.length}\r\n\r\n`;
  // Never latin1: U+010D U+010A would come out as CR LF.
  const headBytes = Buffer.byteLength(head, 'utf8');
  const bytes = Buffer.allocUnsafe(headBytes + body.length);
  bytes.write(head, 0, headBytes, 'utf8');
  bytes.set(body, headBytes);
  return bytes;
}
