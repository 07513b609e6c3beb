import { Headers } from './headers';
import { reasonPhrase } from './reason-phrases';
import type { Salvage } from './sip-message';
import { SipResponse } from './sip-response';

/**
 * The stateless answer to a request that could not be parsed (RFC 3261 §8.2.6, §16.3), with what was read of it. undefined when
 * there is no way back (no Via) or none is wanted (ACK). `text` becomes the reason phrase.
 */
export function salvageResponse(
  salvage: Salvage | undefined,
  status: number,
  text?: string,
): SipResponse | undefined {
  if (!salvage || salvage.vias.length === 0 || salvage.method === 'ACK') return undefined;
  const headers = new Headers();
  for (const via of salvage.vias) headers.append('Via', via);
  if (salvage.from !== undefined) headers.append('From', salvage.from);
  if (salvage.to !== undefined) headers.append('To', salvage.to);
  if (salvage.callId !== undefined) headers.append('Call-ID', salvage.callId);
  if (salvage.cseq !== undefined) headers.append('CSeq', salvage.cseq);
  return new SipResponse(status, text ?? reasonPhrase(status), headers);
}
