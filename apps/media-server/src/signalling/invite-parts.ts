import type { SdpBody, SipRequest } from '@legato/sip';
import { bodyParts } from '@legato/sip';
import type { InviteParts } from '../media-process/media-side';

const SDP = 'application/sdp';
const SCRIPT_TYPES: readonly string[] = ['application/moml+xml', 'application/vnd.radisys.moml+xml'];

const typeOf = (text: string | undefined): string => (text ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Takes a multipart body apart; undefined when it has a part that is neither, which must be refused (RFC 5621 §8). */
export function invitePartsOf({ headers, body }: SipRequest): InviteParts | undefined {
  const parts = bodyParts(headers.get('Content-Type'), body);
  if (!parts) return undefined;
  const scripts = new Map<string, Uint8Array>();
  let description: SdpBody | undefined;
  for (const part of parts) {
    const type = typeOf(part.headers.get('Content-Type'));
    const id = part.headers.get('Content-ID')?.trim();
    if (type === SDP) description = { contentType: SDP, bytes: part.body };
    else if (SCRIPT_TYPES.includes(type) && id) scripts.set(id.replace(/^<|>$/g, ''), part.body);
    else return undefined;
  }
  return { description, scripts };
}
