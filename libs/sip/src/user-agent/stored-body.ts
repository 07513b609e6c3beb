import { Buffer } from 'node:buffer';
import type { SipMessage } from '../message/sip-message';
import type { SdpBody } from './usage-body';
import type { StoredBody } from './usage-state';

/** One character per byte: Latin-1 keeps every byte, and is what the wire already has. */
export const storeBody = (body: SdpBody): StoredBody => ({
  contentType: body.contentType,
  latin1: Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength).toString('latin1'),
});

/** The body's part of the options of a request or response. */
export function loadBody(body: StoredBody | null | undefined): { contentType?: string; body?: Uint8Array } {
  return body ? { contentType: body.contentType, body: Buffer.from(body.latin1, 'latin1') } : {};
}

/** The body itself. */
export function loadedBody(body: StoredBody | undefined): SdpBody | undefined {
  return body && { contentType: body.contentType, bytes: Buffer.from(body.latin1, 'latin1') };
}

export function bodyFields(body: SdpBody | undefined): { contentType?: string; body?: Uint8Array } {
  return body ? { contentType: body.contentType, body: body.bytes } : {};
}

/** The body of a message, or undefined when it has none. */
export function bodyOf(message: SipMessage): SdpBody | undefined {
  if (message.body.length === 0) return undefined;
  return { contentType: message.headers.get('Content-Type') ?? 'application/sdp', bytes: message.body };
}
